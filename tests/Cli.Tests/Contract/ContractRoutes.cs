namespace Firezone.Cli.Tests.Contract;

/// <summary>The routes of the admin API, as its contract has them.</summary>
internal static class ContractRoutes
{
    private const string Any = "reader admin operator";
    private const string Reader = "reader admin";
    private const string Admin = "admin";
    private const string Operator = "operator";

    public static readonly ContractRoute[] All =
    [
        new("GET", "/v1/account", "getAccount", Reader),
        new("PATCH", "/v1/account", "updateAccount", Admin, "name slug config"),

        new("GET", "/v1/actors", "listActors", Reader, Filters: "id name type email disabled group_id"),
        new("POST", "/v1/actors", "createActor", Admin, "type! name! email?"),
        new("GET", "/v1/actors/{actor_id}", "getActor", Reader),
        new("PATCH", "/v1/actors/{actor_id}", "updateActor", Admin, "name email? type"),
        new("DELETE", "/v1/actors/{actor_id}", "deleteActor", Admin),
        new("POST", "/v1/actors/{actor_id}/disable", "disableActor", Admin),
        new("POST", "/v1/actors/{actor_id}/enable", "enableActor", Admin),
        new("GET", "/v1/actors/{actor_id}/groups", "listActorGroups", Reader, Filters: ""),

        new("GET", "/v1/groups", "listGroups", Reader, Filters: "id name managed_by"),
        new("POST", "/v1/groups", "createGroup", Admin, "name!"),
        new("GET", "/v1/groups/{group_id}", "getGroup", Reader),
        new("PATCH", "/v1/groups/{group_id}", "updateGroup", Admin, "name"),
        new("DELETE", "/v1/groups/{group_id}", "deleteGroup", Admin),
        new("GET", "/v1/groups/{group_id}/members", "listGroupMembers", Reader, Filters: "actor_id"),
        new("PUT", "/v1/groups/{group_id}/members", "replaceGroupMembers", Admin, "actor_ids!"),
        new("PATCH", "/v1/groups/{group_id}/members", "updateGroupMembers", Admin, "add remove"),

        new("GET", "/v1/sites", "listSites", Reader, Filters: "id name"),
        new("POST", "/v1/sites", "createSite", Admin, "name!"),
        new("GET", "/v1/sites/{site_id}", "getSite", Reader),
        new("PATCH", "/v1/sites/{site_id}", "updateSite", Admin, "name"),
        new("DELETE", "/v1/sites/{site_id}", "deleteSite", Admin),
        new("GET", "/v1/sites/{site_id}/gateway-tokens", "listGatewayTokens", Reader, Filters: ""),
        new("POST", "/v1/sites/{site_id}/gateway-tokens", "createGatewayToken", Admin),
        new("DELETE", "/v1/sites/{site_id}/gateway-tokens/{token_id}", "deleteGatewayToken", Admin),
        new("GET", "/v1/gateways", "listGateways", Reader, Filters: "id name site_id online"),
        new("GET", "/v1/gateways/{gateway_id}", "getGateway", Reader),
        new("DELETE", "/v1/gateways/{gateway_id}", "deleteGateway", Admin),

        new("GET", "/v1/resources", "listResources", Reader, Filters: "id name type site_id address"),
        new("POST", "/v1/resources", "createResource", Admin, "type! name! address? address_description? ip_stack? filters site_id?"),
        new("GET", "/v1/resources/{resource_id}", "getResource", Reader),
        new("PATCH", "/v1/resources/{resource_id}", "updateResource", Admin, "type name address? address_description? ip_stack? filters site_id?"),
        new("DELETE", "/v1/resources/{resource_id}", "deleteResource", Admin),

        new("GET", "/v1/policies", "listPolicies", Reader, Filters: "id group_id resource_id disabled"),
        new("POST", "/v1/policies", "createPolicy", Admin, "group_id! resource_id! description? conditions disabled"),
        new("GET", "/v1/policies/{policy_id}", "getPolicy", Reader),
        new("PATCH", "/v1/policies/{policy_id}", "updatePolicy", Admin, "group_id resource_id description? conditions"),
        new("DELETE", "/v1/policies/{policy_id}", "deletePolicy", Admin),
        new("POST", "/v1/policies/{policy_id}/disable", "disablePolicy", Admin),
        new("POST", "/v1/policies/{policy_id}/enable", "enablePolicy", Admin),

        new("GET", "/v1/clients", "listClients", Reader, Filters: "id name actor_id verified online"),
        new("GET", "/v1/clients/{client_id}", "getClient", Reader),
        new("PATCH", "/v1/clients/{client_id}", "updateClient", Admin, "name"),
        new("DELETE", "/v1/clients/{client_id}", "deleteClient", Admin),
        new("POST", "/v1/clients/{client_id}/verify", "verifyClient", Admin),
        new("POST", "/v1/clients/{client_id}/unverify", "unverifyClient", Admin),
        new("GET", "/v1/clients/{client_id}/explain", "explainAccess", Reader),

        new("GET", "/v1/actors/{actor_id}/client-tokens", "listClientTokens", Reader, Filters: ""),
        new("POST", "/v1/actors/{actor_id}/client-tokens", "createClientToken", Admin, "expires_at!"),
        new("DELETE", "/v1/actors/{actor_id}/client-tokens/{token_id}", "deleteClientToken", Admin),

        new("GET", "/v1/policy-authorizations", "listPolicyAuthorizations", Reader,
            Filters: "id client_id gateway_id resource_id policy_id membership_id token_id"),
        new("GET", "/v1/policy-authorizations/{authorization_id}", "getPolicyAuthorization", Reader),
        new("DELETE", "/v1/policy-authorizations/{authorization_id}", "deletePolicyAuthorization", Admin),

        new("GET", "/v1/sessions", "listSessions", Reader, Filters: "kind device_id token_id region ended"),

        new("GET", "/v1/sessions/{session_id}/state", "getSessionState", Any),
        new("POST", "/v1/sessions/{session_id}/disconnect", "disconnectSession", "admin operator", "reason"),

        new("GET", "/v1/admin-tokens", "listAdminTokens", Admin, Filters: "id name actor_id"),
        new("POST", "/v1/admin-tokens", "createAdminToken", Admin, "name! actor_id! role! expires_at?"),
        new("DELETE", "/v1/admin-tokens/{token_id}", "deleteAdminToken", Admin),

        new("GET", "/v1/audit-log", "listAuditLog", Any, Filters: "action target_type target_id actor_id token_id since until account_id"),

        new("GET", "/v1/accounts", "listAccounts", Operator, Filters: "id name slug disabled"),
        new("POST", "/v1/accounts", "createAccount", Operator, "name! slug! admin"),
        new("GET", "/v1/accounts/{account_id}", "getAccountById", Operator),
        new("DELETE", "/v1/accounts/{account_id}", "deleteAccount", Operator),
        new("POST", "/v1/accounts/{account_id}/disable", "disableAccount", Operator),
        new("POST", "/v1/accounts/{account_id}/enable", "enableAccount", Operator),
        new("POST", "/v1/accounts/{account_id}/admin-tokens", "createAccountAdminToken", Operator, "name! actor_id! role! expires_at?"),
        new("GET", "/v1/relay-tokens", "listRelayTokens", Operator, Filters: ""),
        new("POST", "/v1/relay-tokens", "createRelayToken", Operator),
        new("DELETE", "/v1/relay-tokens/{token_id}", "deleteRelayToken", Operator),
        new("GET", "/v1/operator-tokens", "listOperatorTokens", Operator, Filters: "id name"),
        new("POST", "/v1/operator-tokens", "createOperatorToken", Operator, "name! expires_at?"),
        new("DELETE", "/v1/operator-tokens/{token_id}", "deleteOperatorToken", Operator),

        new("GET", "/v1/operations/front-ends/{front_end_id}", "getFrontEnd", Operator),
        new("POST", "/v1/operations/front-ends/{front_end_id}/drain", "drainFrontEnd", Operator, "rate duration force"),
        new("POST", "/v1/operations/front-ends/{front_end_id}/resume", "resumeFrontEnd", Operator),
        new("GET", "/v1/operations/silos/{silo_id}", "getSilo", Operator),
        new("POST", "/v1/operations/silos/{silo_id}/drain", "drainSilo", Operator, "rate duration force"),
        new("POST", "/v1/operations/silos/{silo_id}/resume", "resumeSilo", Operator),
        new("GET", "/v1/operations/log-levels", "listLogLevels", Operator),
        new("PUT", "/v1/operations/log-levels", "setLogLevels", Operator, "category! level! for"),
        new("POST", "/v1/operations/log-levels/reset", "resetLogLevels", Operator, "category!"),
        new("PUT", "/v1/operations/nodes/{node_id}/log-level", "setNodeLogLevel", Operator, "category! level! for"),

        new("GET", "/v1/status", "getStatus", Any),
        new("GET", "/v1/events", "streamEvents", Reader),
        new("GET", "/v1/openapi.json", "getOpenApi", Any),
    ];
}
