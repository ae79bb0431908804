using Firezone.Membership.Postgres.Signals;

namespace Firezone.Membership.Postgres.Tests.Simulation;

/// <summary>What goes wrong, drawn from the seed; and the end of all of it.</summary>
internal sealed class Faults(World world)
{
    public bool HaveForged { get; private set; }

    private Random Random => world.Random;

    /// <summary>Draws faults that begin between the two times.</summary>
    public void Plan(TimeSpan from, TimeSpan to)
    {
        for (var count = Random.Next(1, 9); count > 0; count--)
            world.After(from + Random.NextDouble() * (to - from) - world.Now, Strike);
    }

    /// <summary>Everything works again. Processes that are gone stay gone, and so may hosts.</summary>
    public void Heal()
    {
        world.Log?.Write("everything heals");
        world.Weather.Calm();
        (world.TableFails, world.ProbesStall) = (false, false);
        world.Network.MendAll();
        world.Database.Start();
        for (var host = 0; host < world.Hosts; host++)
        {
            if (Random.Next(2) == 0)
                world.Network.BringUp(host);
            if (world.On(host) is { IsProcess: true } silo)
            {
                silo.IsOverloaded = false;
                silo.Resume();
            }
        }

        foreach (var session in Enumerable.Range(0, world.Hosts).SelectMany(host => world.Database.SessionsOf(host)).Where(session => session.Deaf).ToList())
            world.Database.Break(session);
    }

    private void Strike()
    {
        var lasts = world.Milliseconds(500, Random.Next(3) == 0 ? 90_000 : 25_000);
        var host = Random.Next(world.Hosts);
        var silo = world.On(host);
        switch (Random.Next(22))
        {
            case 0:
                Say($"signals are lost for {lasts.TotalSeconds:0} s");
                world.Weather.Loss = 0.1 + Random.NextDouble() * 0.9;
                world.After(lasts, world.Weather.Calm);
                break;
            case 1:
                Say("signals are late and out of order");
                (world.Weather.Delay, world.Weather.LongestDelayMilliseconds) = (Random.NextDouble(), Random.Next(10, 20_000));
                (world.Weather.Doubling, world.Weather.Loss) = (Random.NextDouble() / 2, Random.NextDouble() / 10);
                world.After(lasts, world.Weather.Calm);
                break;
            case 2:
                Forge();
                break;
            case 3 or 4:
                silo?.Die("is killed");
                MayRestart(host);
                break;
            case 5 or 6:
                Say($"host {host} is gone");
                world.Network.TakeDown(host);
                silo?.Die("is gone with its host");
                world.After(lasts, () =>
                {
                    world.Network.BringUp(host);
                    MayRestart(host);
                });
                break;
            case 7:
                silo?.Pause();
                world.After(lasts, () => silo?.Resume());
                break;
            case 8 or 9:
                Part(lasts);
                break;
            case 10:
                CutFromDatabase(host, lasts);
                break;
            case 11:
                world.Database.Stop();
                world.After(lasts, world.Database.Start);
                break;
            case 12:
                Say("nobody reaches the database");
                for (var each = 0; each < world.Hosts; each++)
                    CutFromDatabase(each, lasts);
                break;
            case 13:
                Deafen(host, lasts);
                break;
            case 14:
                Say($"sessions of host {host} are terminated");
                foreach (var session in world.Database.SessionsOf(host).Where(session => session.AtServer && Random.Next(3) > 0).ToList())
                    world.Database.Break(session);
                break;
            case 15:
                silo?.Leave();
                MayRestart(host, 30_000);
                break;
            case 16:
                RollingRestart(0);
                break;
            case 17:
                if (silo is not null)
                    silo.IsOverloaded = true;
                world.After(lasts, () => silo!.IsOverloaded = false);
                break;
            case 18:
                Isolate(lasts);
                break;
            case 19:
                world.Database.RemoveDeadRows();
                if (Random.Next(3) == 0)
                    KillAll();
                break;
            case 20:
                Say("statements on the table fail");
                world.TableFails = true;
                world.After(lasts, () => world.TableFails = false);
                break;
            case 21:
                Say("processes are held up while they probe");
                world.ProbesStall = true;
                world.After(lasts * 2, () => world.ProbesStall = false);
                break;
        }
    }

    private void Say(string what) => world.Log?.Write(what);

    private void MayRestart(int host, int latest = 10_000)
    {
        if (Random.Next(4) > 0)
            world.After(world.Milliseconds(100, latest), () => world.StartOn(host));
    }

    private void Forge()
    {
        Say("signals are forged");
        HaveForged = true;
        for (var count = 0; count < 100; count++)
        {
            var known = world.All.ElementAt(Random.Next(world.All.Count())).Id;
            var stranger = new SiloId($"10.9.9.{Random.Next(200) + 1}:1@{Random.Next(5)}");
            var silo = Random.Next(2) == 0 ? known : stranger;
            Signal signal = Random.Next(3) switch
            {
                0 => new Signal.Heartbeat(silo, Random.Next(2) == 0, ""),
                1 => new Signal.Goodbye(silo),
                _ => new Signal.TableChanged(Random.Next(2) == 0 ? Random.Next() : Random.Next(world.Database.Table.Version + 3)),
            };
            // A false heartbeat of a silo that is there is one it might have sent; of one that is not, it would only put off the end.
            if (signal is not Signal.Heartbeat || silo == stranger)
                world.After(world.Milliseconds(0, 10_000), () => world.Database.Notify(signal));
        }
    }

    private void Part(TimeSpan lasts)
    {
        var border = Random.Next(1, world.Hosts);
        var way = Random.Next(3);
        Say($"hosts below {border} and the others are cut off from each other, way {way}");
        for (var one = 0; one < border; one++)
        {
            for (var other = border; other < world.Hosts; other++)
            {
                if (way == 2 && Random.Next(2) == 0)
                    continue;
                var (from, to) = way == 0 ? (one, other) : (other, one);
                world.Network.Cut(from, to);
                world.After(lasts, () => world.Network.Mend(from, to));
            }
        }
    }

    private void Isolate(TimeSpan lasts)
    {
        var border = Random.Next(1, world.Hosts);
        Part(lasts);
        Say($"hosts below {border} do not reach the database");
        for (var host = 0; host < border; host++)
            CutFromDatabase(host, lasts);
    }

    private void CutFromDatabase(int host, TimeSpan lasts)
    {
        var way = Random.Next(3);
        Say($"host {host} and the database are cut off from each other, way {way}");
        world.Network.CutDatabase(host, to: way != 0, from: way != 1);
        world.After(lasts, () => world.Network.MendDatabase(host));
    }

    private void Deafen(int host, TimeSpan lasts)
    {
        Say($"sessions of host {host} go deaf");
        foreach (var session in world.Database.SessionsOf(host).ToList())
        {
            session.Deaf = true;
            world.After(Random.Next(2) == 0 ? world.Milliseconds(5_000, 12_000) : lasts, () => world.Database.Break(session));
        }
    }

    private void RollingRestart(int host)
    {
        if (host == world.Hosts)
            return;
        world.On(host)?.Leave();
        world.After(world.Milliseconds(5_000, 15_000), () =>
        {
            world.StartOn(host);
            RollingRestart(host + 1);
        });
    }

    private void KillAll()
    {
        for (var host = 0; host < world.Hosts; host++)
        {
            world.On(host)?.Die("is killed with all others");
            MayRestart(host);
        }
    }
}
