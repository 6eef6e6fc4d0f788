import type { Flavor } from './server-facts.ts';

/**
 * What every connection of ours sets first, as a server's own defaults (or its `init_connect`) may be anything. It
 * must neither end our session while we wait for a store, nor cut our results short; texts and times come as they are
 * kept. Names: manual, "Server System Variables".
 */
export function sessionSettings(flavor: Flavor): string[] {
  return ['SET NAMES utf8mb4', `SET SESSION ${[...COMMON, ...OWN[flavor]].join(', ')}`];
}

const COMMON = [
  'wait_timeout = 31536000',
  'interactive_timeout = 31536000',
  'net_read_timeout = 3600',
  'net_write_timeout = 3600',
  "sql_mode = ''",
  "time_zone = '+00:00'",
  'sql_select_limit = 18446744073709551615',
  'sql_big_selects = 1',
  'sql_safe_updates = 0',
  'sql_auto_is_null = 0',
  'sql_quote_show_create = 1',
  'autocommit = 1',
  'completion_type = 0',
];

const OWN: Readonly<Record<Flavor, readonly string[]>> = {
  mysql: [
    'max_execution_time = 0',
    // Sizes of tables as they are, not as they were up to a day ago.
    'information_schema_stats_expiry = 0',
    // A secondary engine does not know our snapshot.
    'use_secondary_engine = OFF',
    "transaction_isolation = 'REPEATABLE-READ'",
  ],
  mariadb: [
    'max_statement_time = 0',
    'idle_transaction_timeout = 0',
    'idle_readonly_transaction_timeout = 0',
    'idle_write_transaction_timeout = 0',
    'system_versioning_asof = DEFAULT',
    "tx_isolation = 'REPEATABLE-READ'",
  ],
};
