/**
 * Storage engines whose tables hold no rows of their own: other tables' (MERGE), those of other servers and programs, or
 * none. As with mysqldump, their structure is in a dump, and no rows.
 */
export const ELSEWHERE = [
  'MRG_MyISAM',
  'MRG_MYISAM',
  'FEDERATED',
  'BLACKHOLE',
  'CONNECT',
  'SPIDER',
  'S3',
  'OQGRAPH',
  'SPHINX',
];

/** Engines that keep rows in the order of the primary key, and can be read by ranges of it. */
export const CLUSTERED = ['InnoDB', 'ROCKSDB', 'TokuDB'];
