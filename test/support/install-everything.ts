// Installs what the tests run; see install-ahead.ts. Each installer has its own lock and is in vain when all is there.
import { installSchemathesis } from '../access/schemathesis.ts';
import { installLocalStack } from '../servers/localstack.ts';
import { installMiniStack } from '../servers/ministack.ts';
import { unpackedServer } from '../servers/mysql/packages.ts';
import { FLAVORS } from '../servers/mysql/server.ts';
import { debianServer, packagedServer } from '../servers/postgres/packages.ts';
import { judge } from '../servers/postgres/tools.ts';
import { chromiumPath } from './chromium.ts';
import { ensureZstd } from './zstd-tool.ts';

/** One after another: all of them are apt-get's, which lets in one at a time. */
const debianPackages = async () => {
  ensureZstd();
  await debianServer();
  chromiumPath();
};

const unpacked = FLAVORS.map((flavor) => unpackedServer(flavor));
const environments = [judge(), installLocalStack(), installMiniStack(), installSchemathesis()];
await Promise.allSettled([...unpacked, packagedServer(18), ...environments, debianPackages()]);
