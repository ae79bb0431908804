using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Firezone.Membership.Postgres.Locks;

/// <summary>The pair of numbers by which PostgreSQL knows a silo's advisory lock. Collisions only cost a false alarm, which the probe settles.</summary>
/// <param name="Cluster">First key, the same for all silos of a cluster.</param>
/// <param name="Silo">Second key.</param>
public readonly record struct SessionLockKey(int Cluster, int Silo)
{
    public static SessionLockKey For(string clusterId, SiloId silo) => new(Hash("orleans/membership/" + clusterId), Hash(silo.Value));

    private static int Hash(string text) => BinaryPrimitives.ReadInt32BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
