using Firezone.Silos.Hosting;

namespace Firezone.Operations.Tests.Hosting;

public sealed class StartEnvironmentTests
{
    private const long MiB = 1 << 20;

    [Theory]
    [InlineData(24 * 1024, 2, 64)]
    [InlineData(8 * 1024, 16, 64)]
    [InlineData(512, 2, 32)]
    [InlineData(1024, 8, 16)]
    public void Garbage_of_all_processors_takes_no_more_than_an_eighth_of_the_memory(long memory, int processors, long each) =>
        Assert.Equal(each * MiB, StartEnvironment.Garbage(memory * MiB, processors));

    [Theory]
    [InlineData(256, 4)]
    [InlineData(1024, 16)]
    public void Where_memory_is_scarce_it_is_left_to_the_runtime(long memory, int processors) =>
        Assert.Equal(0, StartEnvironment.Garbage(memory * MiB, processors));
}
