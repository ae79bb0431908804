namespace Firezone.Grains.Policies;

/// <summary>Parses stored conditions, once per snapshot of an account.</summary>
/// <remarks>Never throws for bad input: a condition with an unknown property or operator, or any unreadable value, always fails.</remarks>
public static class PolicyConditions
{
    /// <summary>Parses the conditions of one policy.</summary>
    public static CompiledConditions Compile(IReadOnlyList<ConditionSpec> conditions)
    {
        ArgumentNullException.ThrowIfNull(conditions);
        if (conditions.Count == 0)
            return CompiledConditions.None;

        var items = new Condition[conditions.Count];
        for (var i = 0; i < items.Length; i++)
            items[i] = Compile(conditions[i]);
        return new CompiledConditions(items);
    }

    private static Condition Compile(ConditionSpec spec) => (spec.Property, spec.Operator) switch
    {
        ("remote_ip_location_region", "is_in") => new RegionCondition(spec.Property, [.. spec.Values], negated: false),
        ("remote_ip_location_region", "is_not_in") => new RegionCondition(spec.Property, [.. spec.Values], negated: true),
        ("remote_ip", "is_in_cidr") => RemoteIp(spec, negated: false),
        ("remote_ip", "is_not_in_cidr") => RemoteIp(spec, negated: true),
        ("auth_provider_id", "is_in") => AuthProvider(spec, negated: false),
        ("auth_provider_id", "is_not_in") => AuthProvider(spec, negated: true),
        ("client_verified", "is") => new ClientVerifiedCondition(spec.Property, required: DemandsVerification(spec.Values)),
        ("current_utc_datetime", "is_in_day_of_week_time_ranges") => Time(spec),
        _ => new InvalidCondition(spec.Property),
    };

    // Values are alternatives: one that demands nothing makes the condition demand nothing.
    private static bool DemandsVerification(IReadOnlyList<string> values) => values.Count > 0 && values.All(value => value == "true");

    private static Condition RemoteIp(ConditionSpec spec, bool negated)
    {
        var blocks = new CidrBlock[spec.Values.Count];
        for (var i = 0; i < blocks.Length; i++)
        {
            if (!CidrBlock.TryParse(spec.Values[i], out blocks[i]))
                return new InvalidCondition(spec.Property);
        }

        return new RemoteIpCondition(spec.Property, blocks, negated);
    }

    private static Condition AuthProvider(ConditionSpec spec, bool negated)
    {
        var providers = new Guid[spec.Values.Count];
        for (var i = 0; i < providers.Length; i++)
        {
            if (!Guid.TryParseExact(spec.Values[i], "D", out providers[i]))
                return new InvalidCondition(spec.Property);
        }

        return new AuthProviderCondition(spec.Property, providers, negated);
    }

    private static Condition Time(ConditionSpec spec)
    {
        var zones = new Dictionary<string, List<TimeRange>[]>(StringComparer.Ordinal);
        var parsed = new List<TimeRange>();
        foreach (var value in spec.Values)
        {
            parsed.Clear();
            if (!TimeRangeParser.TryParse(value, parsed, out var day, out var zone))
                return new InvalidCondition(spec.Property);

            if (!zones.TryGetValue(zone, out var days))
                zones[zone] = days = [[], [], [], [], [], [], []];
            days[(int)day].AddRange(parsed);
        }

        var schedules = new List<WeeklySchedule>(zones.Count);
        foreach (var (name, days) in zones)
        {
            // The lookup may ignore case for a zone that was used before; the id tells whether this is the name that was asked for.
            if (!TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) || zone.Id != name)
                return new InvalidCondition(spec.Property);
            schedules.Add(new WeeklySchedule(zone, Array.ConvertAll(days, TimeRange.Merge)));
        }

        return new TimeCondition(spec.Property, [.. schedules]);
    }
}
