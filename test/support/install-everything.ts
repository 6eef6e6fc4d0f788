// Installs what the tests run; see install-ahead.ts. Each installer has its own lock and is in vain when all is there.
import { installSchemathesis } from '../access/schemathesis.ts';
import { installLocalStack } from '../servers/localstack.ts';
import { installMiniStack } from '../servers/ministack.ts';
import { unpackedServer } from '../servers/mysql/packages.ts';
import { IN_EVERY_RUN } from '../servers/mysql/versions.ts';
import { installedServer } from '../servers/postgres/packages.ts';
import { judge } from '../servers/postgres/tools.ts';
import { chromiumPath } from './chromium.ts';
import { ensureZstd } from './zstd-tool.ts';

/** One after another: all of them are apt-get's, which lets in one at a time. */
const debianPackages = async () => {
  ensureZstd();
  await installedServer('debian-15');
  chromiumPath();
};

const unpacked = IN_EVERY_RUN.map((version) => unpackedServer(version));
const postgres = ([18, 19] as const).map((version) => installedServer(version));
const environments = [judge(), installLocalStack(), installMiniStack(), installSchemathesis()];
await Promise.allSettled([...unpacked, ...postgres, ...environments, debianPackages()]);
