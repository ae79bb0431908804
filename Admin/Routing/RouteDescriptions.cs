using Firezone.Admin.Problems;

namespace Firezone.Admin.Routing;

/// <summary>What the document says of routes that change something: their handlers return a kept answer or a fresh one.</summary>
internal static class RouteDescriptions
{
    /// <summary>Answers 201 with the new object.</summary>
    public static RouteHandlerBuilder Creates<T>(this RouteHandlerBuilder route, string operationId, string summary) =>
        route.WithName(operationId).WithSummary(summary).Produces<T>(StatusCodes.Status201Created);

    /// <summary>Answers 200 with the object as it is now.</summary>
    public static RouteHandlerBuilder Returns<T>(this RouteHandlerBuilder route, string operationId, string summary) =>
        route.WithName(operationId).WithSummary(summary).Produces<T>();

    /// <summary>Answers 204.</summary>
    public static RouteHandlerBuilder Deletes(this RouteHandlerBuilder route, string operationId, string summary) =>
        route.WithName(operationId).WithSummary(summary).Produces(StatusCodes.Status204NoContent);

    /// <summary>May find that the process it is about does not answer.</summary>
    public static RouteHandlerBuilder ProducesSilence(this RouteHandlerBuilder route) =>
        route.WithMetadata(new ProducesResponseTypeMetadata(StatusCodes.Status504GatewayTimeout, typeof(Problem), [Problem.ContentType]));
}
