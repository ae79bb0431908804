using System.Text.Json.Nodes;
using Firezone.Admin.Idempotency;
using Firezone.Admin.Validation;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Firezone.Admin.OpenApi;

/// <summary>The API's description of itself.</summary>
internal static class DocumentServices
{
    private const string Scheme = "token";

    public static void AddAdminDocument(this IServiceCollection services) => services.AddOpenApi("v1", options =>
    {
        options.AddDocumentTransformer(Describe);
        options.AddOperationTransformer(AddKey);
        options.AddSchemaTransformer(AddChoices);
    });

    private static Task Describe(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken ct)
    {
        document.Info = new OpenApiInfo
        {
            Title = "Firezone.Orleans admin API",
            Version = "v1",
            Description = "Administers accounts, and the cluster that serves them.",
        };
        // Where it listens is the operator's choice; clients name it.
        document.Servers = [];
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
        document.Components.SecuritySchemes[Scheme] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer" };
        document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Scheme, document)] = [] }];
        return Task.CompletedTask;
    }

    private static Task AddKey(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken ct)
    {
        if (context.Description.HttpMethod == HttpMethods.Post)
        {
            operation.Parameters ??= [];
            operation.Parameters.Add(new OpenApiParameter
            {
                Name = IdempotencyMiddleware.Header,
                In = ParameterLocation.Header,
                Description = "Repeating the request with the same key within 24 hours gets the first answer again.",
                Schema = new OpenApiSchema { Type = JsonSchemaType.String, MinLength = 1, MaxLength = 255 },
            });
        }

        return Task.CompletedTask;
    }

    private static Task AddChoices(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken ct)
    {
        // Where null is possible a list of choices would exclude it.
        if (context.JsonPropertyInfo?.AttributeProvider?.GetCustomAttributes(typeof(OneOfAttribute), inherit: false) is [OneOfAttribute choice, ..]
            && schema.Type == JsonSchemaType.String)
        {
            schema.Enum = [.. choice.Texts.Select(t => JsonValue.Create(t))];
        }

        return Task.CompletedTask;
    }
}
