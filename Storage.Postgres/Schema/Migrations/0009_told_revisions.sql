-- expand
-- The revision of the resource that the gateway was told when the flow was authorized. A renewal carries it over: who was told an older
-- address goes on serving that one. Null: not known, from before this column.
alter table policy_authorizations add column told_revision bigint;

-- Who has followed a deleted gateway.
alter table former_gateways add column successor_id uuid;

create or replace function inherit_revocations() returns trigger language plpgsql as $$
begin
    -- Waits for a grant that is being refused under a former id: it is seen below. A later one finds its successor here.
    update former_gateways set successor_id = new.id
    where site_id = new.site_id and external_id = new.external_id;
    update revoked_authorizations r set gateway_id = new.id
    from former_gateways f
    where f.site_id = new.site_id and f.external_id = new.external_id and r.gateway_id = f.id
        -- The same pair of two former gateways would be twice the same row.
        and not exists (
            select from former_gateways l join revoked_authorizations o on o.gateway_id = l.id
            where l.site_id = f.site_id and l.external_id = f.external_id and l.id > f.id
                and o.client_id = r.client_id and o.resource_id = r.resource_id);
    return null;
end $$;

-- Grants that were refused although the gateway may let them through already. It is told at once by whoever asked it, or when it comes
-- back; a gateway that has followed it, and may be connected, by the account's change.
create function record_refusals(
    ids uuid[], account_ids uuid[], gateway_ids uuid[], client_ids uuid[], resource_ids uuid[], ends timestamptz[])
returns void language plpgsql strict as $$
declare
    succeeded uuid[];
begin
    perform from former_gateways where id = any(gateway_ids) order by id for share;
    insert into revoked_authorizations (gateway_id, client_id, resource_id, revoked_at, expires_at)
    select coalesce(f.successor_id, v.gateway_id) as holder, v.client_id, v.resource_id, clock_timestamp(), max(v.ends)
    from unnest(gateway_ids, client_ids, resource_ids, ends) as v (gateway_id, client_id, resource_id, ends)
    left join former_gateways f on f.id = v.gateway_id
    where f.id is not null or exists (select from gateways g where g.id = v.gateway_id)
    group by holder, v.client_id, v.resource_id
    order by holder, v.client_id, v.resource_id
    on conflict (gateway_id, client_id, resource_id) do update
    set revoked_at = excluded.revoked_at, expires_at = greatest(revoked_authorizations.expires_at, excluded.expires_at);

    select array_agg(distinct account_id) into succeeded
    from former_gateways where id = any(gateway_ids) and successor_id is not null;
    if succeeded is null then
        return;
    end if;
    perform raise_account_versions(succeeded);
    insert into account_changes (account_id, version, table_name, operation, row_id, before)
    select a.id, a.version, 'policy_authorizations', 'D', v.id, jsonb_build_object('gateway_id', f.successor_id)
    from unnest(ids, account_ids, gateway_ids) as v (id, account_id, gateway_id)
    join former_gateways f on f.id = v.gateway_id and f.successor_id is not null
    join accounts a on a.id = v.account_id;
end $$;
