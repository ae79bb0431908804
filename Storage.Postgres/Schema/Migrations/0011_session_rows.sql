-- expand
-- Sessions come a thousand in one statement, nearly all of the same account, which a foreign key looks up and locks for each of them again.

-- Rather fail, and be run again by the next start, than have everybody queue up behind this script.
set local lock_timeout = '10s';

-- What is deleted takes its sessions along. One that is written at the same moment stays, closed, until it is too old to be kept, as those of
-- deleted devices do: no decision is made on it.
create function delete_sessions_of_accounts() returns trigger language plpgsql as $$
begin
    delete from sessions where account_id in (select id from old_rows);
    return null;
end $$;

create trigger accounts_sessions_deleted after delete on accounts
    referencing old table as old_rows for each statement execute function delete_sessions_of_accounts();

alter table sessions drop constraint sessions_account_id_fkey;

-- As of clients and gateways: room in the page keeps the last-seen columns' updates out of the indexes. Pages that are full stay so.
alter table client_tokens set (fillfactor = 80);
