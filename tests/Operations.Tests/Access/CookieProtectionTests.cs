using System.Security.Cryptography;
using Firezone.Silos.Operations.Authentication;

namespace Firezone.Operations.Tests.Access;

public sealed class CookieProtectionTests
{
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);

    [Fact]
    public void What_one_silo_seals_another_opens_for_the_same_purpose_only()
    {
        var cookie = new CookieProtection(_key).CreateProtector("a").CreateProtector("b").Protect([1, 2, 3]);
        Assert.Equal([1, 2, 3], new CookieProtection(_key).CreateProtector("a").CreateProtector("b").Unprotect(cookie));
        Assert.ThrowsAny<CryptographicException>(() => new CookieProtection(_key).CreateProtector("a").Unprotect(cookie));
        Assert.ThrowsAny<CryptographicException>(() => new CookieProtection(new byte[32]).CreateProtector("a").CreateProtector("b").Unprotect(cookie));
    }

    [Fact]
    public void A_changed_or_cut_cookie_is_refused()
    {
        var protector = new CookieProtection(_key).CreateProtector("a");
        var cookie = protector.Protect([1, 2, 3]);
        for (var i = 0; i < cookie.Length; i++)
        {
            var changed = cookie.ToArray();
            changed[i] ^= 1;
            Assert.ThrowsAny<CryptographicException>(() => protector.Unprotect(changed));
            Assert.ThrowsAny<CryptographicException>(() => protector.Unprotect(cookie[..i]));
        }
    }
}
