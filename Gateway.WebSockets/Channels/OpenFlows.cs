using System.Diagnostics;
using System.Text;
using Firezone.Gateway.WebSockets.Sessions;
using Firezone.Gateway.WebSockets.Telemetry;

namespace Firezone.Gateway.WebSockets.Channels;

/// <summary>
/// One client's flows from its request to the answer, measured. Made with the first request; one small object per flow that is not
/// answered yet. Thread-safe.
/// </summary>
internal sealed class OpenFlows(FrontEndMetrics metrics, TimeProvider time)
{
    // Longer than a gateway may take.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(75);

    // Of a peer that asks for more at one time some are not known here.
    private const int Limit = 256;

    private readonly Lock _gate = new();
    private OpenFlow? _first;
    private int _count;

    /// <summary>A request has come. Its span, if any, is the current one afterwards; <see cref="Sent"/> is to follow.</summary>
    /// <returns>Null if too many are open.</returns>
    internal OpenFlow? Begin(FlowRequestKind request, Guid resourceId, string? requestRef)
    {
        lock (_gate)
        {
            if (_count == Limit)
                return null;
            var span = FrontEndTraces.Begin(Name(request), PeerKind.Client);
            var flow = new OpenFlow(request, resourceId, requestRef, time.GetTimestamp(), span);
            _count++;
            if (_first is null)
                _first = flow;
            else
                Last().Next = flow;
            return flow;
        }
    }

    /// <summary>The request has gone to the cluster: what comes now is not part of it.</summary>
    internal static void Sent(OpenFlow? flow)
    {
        if (flow?.Span is { } span && ReferenceEquals(Activity.Current, span))
            Activity.Current = null;
    }

    /// <summary>How many there are, and for how long the oldest has waited.</summary>
    internal (int Count, TimeSpan? Oldest) Count()
    {
        lock (_gate)
            return (_count, _first is { } first ? time.GetElapsedTime(first.Started) : null);
    }

    /// <summary>A push that may be an answer has been queued.</summary>
    internal void Answered(bool granted, ReadOnlySpan<byte> payload)
    {
        if (Volatile.Read(ref _first) is null)
            return;
        var answer = FlowAnswer.Read(granted, payload);
        if (Take(flow => flow.Ref is null && flow.ResourceId == answer.ResourceId) is { } flow)
            End(flow, answer.Outcome);
    }

    /// <summary>A reply that may be an answer has been queued.</summary>
    internal void Answered(ReadOnlySpan<byte> requestRef, bool ok, ReadOnlySpan<byte> response)
    {
        if (Volatile.Read(ref _first) is null)
            return;
        var text = Encoding.UTF8.GetString(requestRef);
        if (Take(flow => flow.Ref == text) is { } flow)
            End(flow, FlowAnswer.Read(ok, response).Outcome);
    }

    /// <summary>Whether it has not been answered.</summary>
    internal bool IsOpen(OpenFlow flow)
    {
        lock (_gate)
        {
            for (var open = _first; open is not null; open = open.Next)
            {
                if (ReferenceEquals(open, flow))
                    return true;
            }

            return false;
        }
    }

    /// <summary>Those that have waited for longer.</summary>
    internal List<OpenFlow> WaitingFor(TimeSpan patience)
    {
        List<OpenFlow> waiting = [];
        var now = time.GetTimestamp();
        lock (_gate)
        {
            for (var flow = _first; flow is not null && time.GetElapsedTime(flow.Started, now) > patience; flow = flow.Next)
                waiting.Add(flow);
        }

        return waiting;
    }

    /// <summary>Gives up what has waited for too long. Called about once a second.</summary>
    internal void Sweep()
    {
        if (Volatile.Read(ref _first) is null)
            return;
        var now = time.GetTimestamp();
        while (Take(flow => time.GetElapsedTime(flow.Started, now) > Patience) is { } flow)
            End(flow, "unanswered");
    }

    /// <summary>The client has gone; nobody will be answered.</summary>
    internal void Abandon()
    {
        while (Take(static _ => true) is { } flow)
            FrontEndTraces.End(flow.Span, "abandoned");
    }

    private void End(OpenFlow flow, string outcome)
    {
        metrics.FlowAnswered(flow.Request, outcome, time.GetElapsedTime(flow.Started));
        FrontEndTraces.End(flow.Span, outcome);
    }

    /// <summary>Removes the oldest one that fits.</summary>
    private OpenFlow? Take(Func<OpenFlow, bool> fits)
    {
        lock (_gate)
        {
            OpenFlow? before = null;
            for (var flow = _first; flow is not null; (before, flow) = (flow, flow.Next))
            {
                if (!fits(flow))
                    continue;
                if (before is null)
                    _first = flow.Next;
                else
                    before.Next = flow.Next;
                _count--;
                return flow;
            }

            return null;
        }
    }

    private OpenFlow Last()
    {
        var last = _first!;
        while (last.Next is { } next)
            last = next;
        return last;
    }

    private static string Name(FlowRequestKind request) => request switch
    {
        FlowRequestKind.CreateFlow => "create_flow",
        FlowRequestKind.RequestConnection => "request_connection",
        _ => "reuse_connection",
    };
}
