-- Granted flows. account_id has no foreign key of its own: the client's covers it.
create table policy_authorizations (
    id uuid primary key,
    account_id uuid not null,
    client_id uuid not null references clients on delete cascade,
    gateway_id uuid not null references gateways on delete cascade,
    resource_id uuid not null references resources on delete cascade,
    policy_id uuid not null references policies on delete cascade,
    membership_id uuid references memberships on delete cascade,
    token_id uuid not null references client_tokens on delete cascade,
    client_remote_ip text not null,
    client_user_agent text not null,
    gateway_remote_ip text not null,
    expires_at timestamptz not null,
    created_at timestamptz not null default clock_timestamp()
);
create index on policy_authorizations (gateway_id, expires_at);
create index on policy_authorizations (client_id);
create index on policy_authorizations (resource_id);
create index on policy_authorizations (policy_id);
create index on policy_authorizations (membership_id) where membership_id is not null;
create index on policy_authorizations (token_id);
create index on policy_authorizations (expires_at);

-- What revokes a grant without deleting anything it refers to. Triggers, so that a change by plain SQL has the same effect.
create function revoke_authorizations_of_policy() returns trigger language plpgsql as $$
begin
    delete from policy_authorizations where policy_id = new.id;
    return null;
end $$;
create trigger policies_revoked after update on policies for each row
    when ((new.disabled_at is not null and old.disabled_at is null)
        or new.group_id <> old.group_id or new.resource_id <> old.resource_id or new.conditions <> old.conditions)
    execute function revoke_authorizations_of_policy();

create function revoke_authorizations_of_resource() returns trigger language plpgsql as $$
begin
    delete from policy_authorizations where resource_id = new.id;
    return null;
end $$;
create trigger resources_revoked after update on resources for each row
    when (new.address is distinct from old.address or new.type <> old.type or new.ip_stack is distinct from old.ip_stack
        or new.site_id is distinct from old.site_id)
    execute function revoke_authorizations_of_resource();

create function revoke_authorizations_of_client() returns trigger language plpgsql as $$
begin
    delete from policy_authorizations where client_id = new.id;
    return null;
end $$;
create trigger clients_revoked after update on clients for each row
    when (old.verified_at is not null and new.verified_at is null)
    execute function revoke_authorizations_of_client();

-- Disabling an account or an actor signs its clients out: the tokens go, and the authorizations with them.
create function revoke_tokens_of_account() returns trigger language plpgsql as $$
begin
    delete from client_tokens where account_id = new.id;
    return null;
end $$;
create trigger accounts_revoked after update on accounts for each row
    when (old.disabled_at is null and new.disabled_at is not null)
    execute function revoke_tokens_of_account();

create function revoke_tokens_of_actor() returns trigger language plpgsql as $$
begin
    delete from client_tokens where account_id = new.account_id and actor_id = new.id;
    return null;
end $$;
create trigger actors_revoked after update on actors for each row
    when (old.disabled_at is null and new.disabled_at is not null)
    execute function revoke_tokens_of_actor();
