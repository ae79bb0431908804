using Firezone.Wire.Errors;
using static Firezone.Wire.Tests.JsonAssert;

namespace Firezone.Wire.Tests.Errors;

public sealed class ErrorTests
{
    [Fact]
    public void Error_responses_have_the_reasons_that_peers_know()
    {
        Equal("""{"reason":"unmatched topic"}""", ErrorResponses.UnmatchedTopic.Span);
        Equal("""{"reason":"join crashed"}""", ErrorResponses.JoinCrashed.Span);
        Equal("""{"reason":"unknown_message"}""", ErrorResponses.UnknownMessage.Span);
        Equal("""{"reason":"invalid_ref"}""", ErrorResponses.InvalidRef.Span);
        Equal("{}", ErrorResponses.Empty.Span);
        Equal("""{"reason":"offline"}""", ErrorResponses.Reason("offline").Span);
        Equal("""{"reason":"forbidden"}""", ErrorResponses.Reason("forbidden", []).Span);
        Equal(
            """{"reason":"forbidden","violated_properties":["remote_ip"]}""", ErrorResponses.Reason("forbidden", ["remote_ip"]).Span);
    }

    [Fact]
    public void A_refusal_is_a_problem_document() => Equal(
        """{"type":"about:blank","title":"Unauthorized","status":401,"detail":"The token is \"unknown\".","code":"invalid_token"}""",
        Problem.Render(401, "invalid_token", "Unauthorized", "The token is \"unknown\"."));
}
