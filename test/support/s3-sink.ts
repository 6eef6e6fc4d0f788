import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * A process that speaks just enough of S3 to measure a client's memory and speed: it swallows uploads, and serves
 * ranges of a large object of zeros. Prints its port. No emulator takes gigabytes in seconds.
 */
const ZEROS = Buffer.alloc(1024 * 1024);
const SIZE = Number(process.argv[2] ?? 2 ** 30);

async function swallow(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const query = new URL(request.url ?? '/', 'http://sink').searchParams;
  for await (const _ of request); // bytes for nobody
  const etag = `"${createHash('md5').digest('hex')}"`;
  if (request.method === 'POST' && query.has('uploads')) {
    return void response.end(
      '<InitiateMultipartUploadResult><UploadId>1</UploadId></InitiateMultipartUploadResult>',
    );
  }
  if (request.method === 'POST') {
    const xml = `<CompleteMultipartUploadResult><ETag>${etag}</ETag></CompleteMultipartUploadResult>`;
    return void response.end(xml);
  }
  response.setHeader('ETag', etag);
  if (request.method === 'GET') return serve(request, response);
  response.end();
}

function serve(request: IncomingMessage, response: ServerResponse): void {
  const [, first, last] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') ?? [];
  const start = Number(first ?? 0);
  const end = last ? Number(last) + 1 : SIZE;
  response.setHeader('Content-Length', end - start);
  if (first !== undefined) response.setHeader('Content-Range', `bytes ${start}-${end - 1}/${SIZE}`);
  response.writeHead(first === undefined ? 200 : 206);
  let left = end - start;
  const more = () => {
    while (left > 0) {
      const piece = ZEROS.subarray(0, Math.min(left, ZEROS.length));
      left -= piece.length;
      if (!response.write(piece)) return void response.once('drain', more);
    }
    response.end();
  };
  more();
}

const server = createServer(
  (request, response) => void swallow(request, response).catch(() => response.destroy()),
);
server.listen(0, '127.0.0.1', () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`));
