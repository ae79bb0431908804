using System.Text;
using Firezone.Edge.PortalClient;
using Firezone.Edge.PortalClient.Effects;
using Firezone.Edge.PortalClient.Frames;
using Firezone.Edge.PortalClient.Inputs;
using Firezone.Edge.PortalClient.Outgoing;
using Firezone.Edge.PortalClient.PortalEvents;
using Firezone.Edge.PortalClient.Retry;
using Firezone.Edge.PortalClient.States;

namespace Firezone.Edge.Tests.PortalClient.Support;

/// <summary>A machine under test and a clock; checks what must hold of the effects after every step.</summary>
internal sealed class MachineRun
{
    private readonly ChannelMachine _machine;
    private readonly List<long> _refs = [];
    private bool _acknowledged;

    public MachineRun(RetrySettings? retry = null, Func<double>? uniform = null) => _machine = new ChannelMachine(
        "client", "null"u8.ToArray(), new ChannelTimings(), new RetrySchedule(retry ?? new RetrySettings(), uniform ?? (() => 0.5)));

    public ChannelMachine Machine => _machine;

    public TimeSpan Now { get; private set; }

    /// <summary>Attempt with a dial or socket that is not released.</summary>
    public int? Live { get; private set; }

    public int Attempts { get; private set; }

    public PortalFrame? InFlight { get; private set; }

    public List<PortalEvent> Published { get; } = [];

    public List<string> Written { get; } = [];

    public void Input(ChannelInput input)
    {
        var effects = new List<ChannelEffect>();
        switch (input)
        {
            case FrameWritten written when written.Attempt == Live:
                InFlight = null;
                break;
            case FrameReceived { Frame: { Event: "phx_reply", Topic: "client" } frame } received when received.Attempt == Live:
                _acknowledged |= _machine.State is Joining joining && joining.JoinRef == frame.Ref
                    && frame.Payload.Span.SequenceEqual("""{"status":"ok","response":{}}"""u8);
                break;
        }

        _machine.Step(Now, input, effects);
        Check(effects);
    }

    public SendOutcome Send(string eventName, string payload = "{}")
    {
        var effects = new List<ChannelEffect>();
        var outcome = _machine.Send(Now, eventName, Encoding.UTF8.GetBytes(payload), effects);
        Check(effects);
        return outcome;
    }

    public void Wait(TimeSpan time)
    {
        var end = Now + time;
        while (_machine.Deadline is { } deadline && deadline <= end)
        {
            Now = deadline > Now ? deadline : Now;
            Input(new TimeElapsed());
            Assert.True(_machine.Deadline is not { } next || next > Now, "time passes without progress");
        }

        Now = end;
    }

    public void Receive(string eventName, string payload, long? requestRef = null, string topic = "client") =>
        Input(new FrameReceived(Live ?? 0, new PortalFrame(topic, eventName, requestRef, Encoding.UTF8.GetBytes(payload))));

    public void Join()
    {
        Input(new ConnectRequested());
        Input(new SocketOpened(Live!.Value));
        Input(new FrameWritten(Live.Value));
        Receive("phx_reply", """{"status":"ok","response":{}}""", 0);
    }

    private void Check(List<ChannelEffect> effects)
    {
        foreach (var effect in effects)
        {
            switch (effect)
            {
                case OpenSocket open:
                    Assert.Null(Live);
                    Assert.Equal(++Attempts, open.Attempt);
                    (Live, InFlight, _acknowledged) = (open.Attempt, null, false);
                    _refs.Clear();
                    break;
                case ReleaseSocket release:
                    Assert.Equal(Live, release.Attempt);
                    (Live, InFlight) = (null, null);
                    break;
                case WriteFrame write:
                    Assert.Equal(Live, write.Attempt);
                    Assert.Null(InFlight);
                    Assert.True(_acknowledged || write.Frame.Event is "phx_join" or "heartbeat", "written before the acknowledgement");
                    Assert.DoesNotContain(write.Frame.Ref!.Value, _refs);
                    _refs.Add(write.Frame.Ref.Value);
                    InFlight = write.Frame;
                    Written.Add(write.Frame.Event);
                    break;
                case PublishEvent publish:
                    Published.Add(publish.Event);
                    break;
            }
        }

        if (_machine.State is Joining)
            _acknowledged = false;
        Assert.InRange(_machine.Waiting, 0, ChannelMachine.QueueCapacity);
        Assert.Equal(Live, _machine.State.Attempt);
    }
}
