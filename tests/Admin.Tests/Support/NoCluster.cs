using Orleans.Runtime;

namespace Firezone.Admin.Tests.Support;

/// <summary>Every call to a grain fails as if no silo answered.</summary>
internal sealed class NoCluster : IGrainFactory
{
    public TGrainInterface GetGrain<TGrainInterface>(Guid primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithGuidKey => throw Unavailable();

    public TGrainInterface GetGrain<TGrainInterface>(long primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithIntegerKey => throw Unavailable();

    public TGrainInterface GetGrain<TGrainInterface>(string primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithStringKey => throw Unavailable();

    public TGrainInterface GetGrain<TGrainInterface>(Guid primaryKey, string keyExtension, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithGuidCompoundKey => throw Unavailable();

    public TGrainInterface GetGrain<TGrainInterface>(long primaryKey, string keyExtension, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithIntegerCompoundKey => throw Unavailable();

    public TGrainObserverInterface CreateObjectReference<TGrainObserverInterface>(IGrainObserver obj)
        where TGrainObserverInterface : IGrainObserver => throw Unavailable();

    public void DeleteObjectReference<TGrainObserverInterface>(IGrainObserver obj)
        where TGrainObserverInterface : IGrainObserver => throw Unavailable();

    public IGrain GetGrain(Type grainInterfaceType, Guid grainPrimaryKey) => throw Unavailable();

    public IGrain GetGrain(Type grainInterfaceType, long grainPrimaryKey) => throw Unavailable();

    public IGrain GetGrain(Type grainInterfaceType, string grainPrimaryKey) => throw Unavailable();

    public IGrain GetGrain(Type grainInterfaceType, Guid grainPrimaryKey, string keyExtension) => throw Unavailable();

    public IGrain GetGrain(Type grainInterfaceType, long grainPrimaryKey, string keyExtension) => throw Unavailable();

    public IAddressable GetGrain(Type interfaceType, IdSpan grainKey, string grainClassNamePrefix) => throw Unavailable();

    public IAddressable GetGrain(Type interfaceType, IdSpan grainKey) => throw Unavailable();

    public TGrainInterface GetGrain<TGrainInterface>(GrainId grainId)
        where TGrainInterface : IAddressable => throw Unavailable();

    public IAddressable GetGrain(GrainId grainId) => throw Unavailable();

    public IAddressable GetGrain(GrainId grainId, GrainInterfaceType interfaceType) => throw Unavailable();

    private static OrleansException Unavailable() => new("There is no cluster.");
}
