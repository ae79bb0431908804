using System.Net;
using Firezone.Grains.Abstractions;
using Firezone.Grains.Abstractions.Admission;
using Firezone.Grains.Abstractions.Explaining;
using Firezone.Grains.Abstractions.Sites;
using Firezone.Grains.Accounts;
using Firezone.Grains.Authorization;
using Firezone.Grains.Hosting;
using Firezone.Grains.Policies;
using Firezone.Grains.Sites;
using Microsoft.Extensions.DependencyInjection;

namespace Firezone.Grains.Explaining;

/// <inheritdoc cref="IExplainGrain" />
/// <remarks>Decides with the same code and the same snapshot as a flow; only the policy-by-policy part is for the eyes of people.</remarks>
[StatelessWorker, Reentrant]
public sealed class ExplainGrain(AccountSnapshots accounts, SiteViews sites, [FromKeyedServices(Clock.Sessions)] TimeProvider time) : Grain, IExplainGrain
{
    /// <inheritdoc />
    public async Task<AccessExplanation?> Explain(AccessQuestion question)
    {
        var accountId = this.GetPrimaryKey();
        if (await accounts.GetAsync(accountId, minimumVersion: 0) is not { } snapshot)
            return null;
        var now = time.GetUtcNow();
        var subject = new EvaluationSubject(
            question.Location.Region, IPAddress.Parse(question.RemoteIp), question.AuthProviderId, question.Verified);
        var includeEveryone = question.ActorKind is not ActorKind.ServiceAccount;
        var candidates = PolicyCandidates.Of(snapshot, question.ActorId, includeEveryone, question.ResourceId);
        var resource = candidates.Length == 0 ? null : snapshot.FindResource(question.ResourceId);
        var expressible = resource?.For(ResourceVariants.Of(question.Version)) is not null;
        var tokenEnd = question.TokenExpiresAt ?? DateTimeOffset.MaxValue;
        var decision = PolicyChoice.Choose(candidates, subject, now, tokenEnd);
        var choice = decision.Policy is not null && expressible
            ? await sites.ChooseAsync(resource!.SiteId, new GatewayQuery(
                accountId, question.Version, resource.MinimumGatewayVersion, question.Location, []))
            : null;
        return new AccessExplanation(
            now,
            snapshot.Version,
            [.. question.Policies.Select(p => Judge(p, candidates, subject, now))],
            expressible,
            decision.Policy?.PolicyId,
            decision.Policy is null || decision.ExpiresAt == DateTimeOffset.MaxValue ? null : decision.ExpiresAt,
            [.. decision.ViolatedProperties],
            choice);
    }

    private static PolicyVerdict Judge(PolicyQuestion policy, PolicyCandidate[] candidates, in EvaluationSubject subject, DateTimeOffset now)
    {
        ConditionSpec[] specs = [.. policy.Conditions.Select(c => new ConditionSpec(c.Property, c.Operator, c.Values))];
        var verdicts = new ConditionVerdict[specs.Length];
        for (var i = 0; i < specs.Length; i++)
        {
            var one = PolicyEvaluator.Evaluate(PolicyConditions.Compile([specs[i]]), subject, now);
            verdicts[i] = new ConditionVerdict(one.Conforms, one.ExpiresAt);
        }

        var all = PolicyEvaluator.Evaluate(PolicyConditions.Compile(specs), subject, now);
        var index = Array.FindIndex(candidates, c => c.PolicyId == policy.PolicyId);
        return new PolicyVerdict(
            policy.PolicyId, index >= 0, index >= 0 ? candidates[index].MembershipId : null, all.Conforms, all.ExpiresAt, verdicts);
    }
}
