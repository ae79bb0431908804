using System.Collections.Concurrent;
using Firezone.Grains.Abstractions.Admission;
using Firezone.Grains.Abstractions.Clients;
using Firezone.Grains.Abstractions.FrontEnds;
using Firezone.Grains.Abstractions.Gateways;
using Firezone.Grains.Abstractions.RateLimiting;
using Firezone.Grains.Abstractions.Relays;

namespace Firezone.Gateway.WebSockets.Tests.Support;

/// <summary>A cluster without silos: grains are plain objects, calls are plain calls.</summary>
/// <param name="clock">Of the partitions of the connect rate limit.</param>
internal sealed class FakeCluster(TimeProvider? clock = null) : IGrainFactory
{
    internal FakeAdmissionGrain Admission { get; } = new();

    internal FakeDirectoryGrain Directory { get; } = new();

    internal FakeClientGrain Client { get; } = new();

    internal FakeGatewayGrain Gateway { get; } = new();

    internal FakeRelayGrain Relay { get; } = new();

    /// <summary>The partitions of the connect rate limit.</summary>
    internal FakeConnectRateGrain[] ConnectRate { get; } =
        [.. Enumerable.Range(0, IConnectRateGrain.Partitions).Select(_ => new FakeConnectRateGrain(clock ?? TimeProvider.System))];

    /// <summary>Keys under which relays were looked up.</summary>
    internal ConcurrentQueue<Guid> RelayKeys { get; } = new();

    /// <summary>References made; more than one would be a leak.</summary>
    internal int References { get; private set; }

    public TGrainInterface GetGrain<TGrainInterface>(long primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithIntegerKey => (TGrainInterface)Integer(typeof(TGrainInterface), primaryKey);

    public TGrainInterface GetGrain<TGrainInterface>(Guid primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithGuidKey => (TGrainInterface)ByGuid(typeof(TGrainInterface), primaryKey);

    public TGrainObserverInterface CreateObjectReference<TGrainObserverInterface>(IGrainObserver obj)
        where TGrainObserverInterface : IGrainObserver
    {
        References++;
        return (TGrainObserverInterface)obj;
    }

    private object Integer(Type type, long key)
    {
        if (type == typeof(IConnectRateGrain))
            return ConnectRate[key];
        Assert.Equal(0, key);
        return type == typeof(IAdmissionGrain) ? Admission
            : type == typeof(IFrontEndDirectoryGrain) ? Directory
            : throw new NotSupportedException(type.Name);
    }

    private object ByGuid(Type type, Guid key)
    {
        if (type == typeof(IRelayGrain))
        {
            RelayKeys.Enqueue(key);
            return Relay;
        }

        Assert.Equal(Tickets.DeviceId, key);
        return type == typeof(IClientGrain) ? Client
            : type == typeof(IGatewayGrain) ? Gateway
            : throw new NotSupportedException(type.Name);
    }

    public TGrainInterface GetGrain<TGrainInterface>(string primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithStringKey => throw new NotSupportedException();

    public TGrainInterface GetGrain<TGrainInterface>(Guid primaryKey, string keyExtension, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithGuidCompoundKey => throw new NotSupportedException();

    public TGrainInterface GetGrain<TGrainInterface>(long primaryKey, string keyExtension, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithIntegerCompoundKey => throw new NotSupportedException();

    public void DeleteObjectReference<TGrainObserverInterface>(IGrainObserver obj)
        where TGrainObserverInterface : IGrainObserver => throw new NotSupportedException();

    public IGrain GetGrain(Type grainInterfaceType, Guid grainPrimaryKey) => throw new NotSupportedException();

    public IGrain GetGrain(Type grainInterfaceType, long grainPrimaryKey) => throw new NotSupportedException();

    public IGrain GetGrain(Type grainInterfaceType, string grainPrimaryKey) => throw new NotSupportedException();

    public IGrain GetGrain(Type grainInterfaceType, Guid grainPrimaryKey, string keyExtension) => throw new NotSupportedException();

    public IGrain GetGrain(Type grainInterfaceType, long grainPrimaryKey, string keyExtension) => throw new NotSupportedException();

    public IAddressable GetGrain(Type grainInterfaceType, IdSpan grainKey) => throw new NotSupportedException();

    public IAddressable GetGrain(Type grainInterfaceType, IdSpan grainKey, string grainClassNamePrefix) => throw new NotSupportedException();

    public TGrainInterface GetGrain<TGrainInterface>(GrainId grainId)
        where TGrainInterface : IAddressable => throw new NotSupportedException();

    public IAddressable GetGrain(GrainId grainId) => throw new NotSupportedException();

    public IAddressable GetGrain(GrainId grainId, GrainInterfaceType interfaceType) => throw new NotSupportedException();
}
