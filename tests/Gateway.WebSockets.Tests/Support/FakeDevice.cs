using System.Text;
using Firezone.Grains.Abstractions.FrontEnds;
using Firezone.Grains.Abstractions.Sessions;

namespace Firezone.Gateway.WebSockets.Tests.Support;

/// <summary>The part of a device's grain that all roles share: attaches and detaches.</summary>
internal abstract class FakeDevice
{
    internal const string Silo = "silo-1";

    internal Calls<(SessionRef Session, Resume? Resume)> Attaches { get; } = new();

    internal Calls<Guid> Detaches { get; } = new();

    internal Func<SessionRef, Resume?, Task<AttachResult>> OnAttach { get; set; } =
        (_, resume) => Task.FromResult(Attached(resume is null ? """{"hello":true}""" : null));

    internal Func<Task> OnDetach { get; set; } = () => Task.CompletedTask;

    /// <summary>The front-end's observer, known after the first attach.</summary>
    internal IFrontEndObserver? FrontEnd { get; private set; }

    internal static AttachResult Attached(string? init, ulong viewHash = 1, string silo = Silo) =>
        new(AttachStatus.Attached, init is null ? null : Encoding.UTF8.GetBytes(init), viewHash, silo);

    public Task Detach(Guid sessionId)
    {
        Detaches.Add(sessionId);
        return OnDetach();
    }

    protected Task<AttachResult> AttachAsync(SessionRef session, Resume? resume)
    {
        FrontEnd = session.FrontEnd;
        Attaches.Add((session, resume));
        return OnAttach(session, resume);
    }
}
