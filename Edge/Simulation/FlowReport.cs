namespace Firezone.Edge.Simulation;

/// <summary>Whether the two ends of one flow were told the same.</summary>
/// <param name="Refusal">Why the portal refused the flow; null if it was granted.</param>
/// <param name="PresharedKeysEqual">Client and gateway got the same preshared key.</param>
/// <param name="IceCredentialsEqual">Both got the same two pairs of ICE credentials.</param>
/// <param name="PublicKeysEqual">Each got the other's real public key.</param>
/// <param name="ClientCandidatesArrived">The client's candidates reached the gateway, unchanged.</param>
/// <param name="GatewayCandidatesArrived">The gateway's candidates reached the client, unchanged.</param>
/// <param name="Elapsed">From the request to <c>flow_created</c>.</param>
public sealed record FlowReport(
    string? Refusal,
    bool PresharedKeysEqual,
    bool IceCredentialsEqual,
    bool PublicKeysEqual,
    bool ClientCandidatesArrived,
    bool GatewayCandidatesArrived,
    TimeSpan Elapsed)
{
    /// <summary>A tunnel between the two could come up.</summary>
    public bool Succeeded => Refusal is null && PresharedKeysEqual && IceCredentialsEqual && PublicKeysEqual
        && ClientCandidatesArrived && GatewayCandidatesArrived;

    /// <summary>One sentence for people.</summary>
    public string Summary
    {
        get
        {
            if (Refusal is not null)
                return $"The portal refused the flow: {Refusal}.";
            if (Succeeded)
                return "The flow is authorised: preshared keys, ICE credentials and public keys are equal on both sides, "
                    + "candidates crossed both ways.";
            var faults = new List<string>();
            if (!PresharedKeysEqual)
                faults.Add("the preshared keys differ");
            if (!IceCredentialsEqual)
                faults.Add("the ICE credentials differ");
            if (!PublicKeysEqual)
                faults.Add("a public key is not that of the other side");
            if (!ClientCandidatesArrived)
                faults.Add("the client's candidates did not reach the gateway");
            if (!GatewayCandidatesArrived)
                faults.Add("the gateway's candidates did not reach the client");
            return $"The flow is authorised, but {string.Join(", ", faults)}.";
        }
    }
}
