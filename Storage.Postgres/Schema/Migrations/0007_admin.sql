-- The admin API: its tokens, what was changed through it, and requests that may be repeated.

-- A token of an account acts for an actor and goes with it; an operator's token belongs to the cluster.
create table admin_tokens (
    id uuid primary key,
    account_id uuid references accounts on delete cascade,
    actor_id uuid,
    role text not null check (role in ('reader', 'admin', 'operator')),
    name text not null,
    secret_salt bytea not null,
    secret_hash bytea not null,
    expires_at timestamptz,
    last_used_at timestamptz,
    created_at timestamptz not null default clock_timestamp(),
    check ((role = 'operator') = (account_id is null)),
    check ((account_id is null) = (actor_id is null)),
    foreign key (account_id, actor_id) references actors (account_id, id) on delete cascade
);
create index on admin_tokens (account_id, actor_id);

-- No foreign keys: the log outlives what it tells of.
create table audit_log (
    id uuid primary key default gen_random_uuid(),
    at timestamptz not null default clock_timestamp(),
    account_id uuid,
    token_id uuid,
    token_name text,
    actor_id uuid,
    remote_ip text,
    method text not null,
    route text not null,
    action text not null,
    target_type text not null,
    target_id uuid,
    before jsonb,
    after jsonb
);
create index on audit_log (account_id, at, id);
create index on audit_log (at, id);

-- Answers to requests that carried an idempotency key. The body may hold a fresh credential; it is encrypted with a key that follows from
-- the secret of the caller's token, which is not stored.
create table admin_requests (
    token_id uuid not null references admin_tokens on delete cascade,
    key_hash bytea not null,
    request_hash bytea not null,
    status integer,
    location text,
    body bytea,
    created_at timestamptz not null default clock_timestamp(),
    primary key (token_id, key_hash)
);
create index on admin_requests (created_at);

-- In which order sessions and flows became visible: a reader that remembers the oldest transaction that was under way at its last look
-- misses nothing and sees nothing twice. Clocks cannot tell that.
alter table sessions add column opened_xact xid8 not null default pg_current_xact_id();
alter table sessions add column ended_xact xid8;
create index on sessions (account_id, opened_xact);
create index on sessions (account_id, ended_xact) where ended_xact is not null;
create index on sessions (account_id, opened_at) where ended_at is null;

create function note_session_end() returns trigger language plpgsql as $$
begin
    new.ended_xact := pg_current_xact_id();
    return new;
end $$;
create trigger sessions_ended before update on sessions for each row
    when (old.ended_at is null and new.ended_at is not null)
    execute function note_session_end();

alter table policy_authorizations add column granted_xact xid8 not null default pg_current_xact_id();
create index on policy_authorizations (account_id, granted_xact);
