import type { IncomingMessage } from 'node:http';

/** Bytes of bodies that all requests together may hold. */
export class BodyRoom {
  held = 0;
  private readonly size: number;

  constructor(size: number) {
    this.size = size;
  }

  take(bytes: number): boolean {
    if (this.held + bytes > this.size) return false;
    this.held += bytes;
    return true;
  }

  give(bytes: number): void {
    this.held -= bytes;
  }
}

/** A whole body, or the status with which its request is refused; `undefined` where the client left. */
export type ReadBody = Buffer | 413 | 503 | undefined;

/**
 * Reads a request's body. What it takes of the room, the caller gives back.
 *
 * @param most bytes
 */
export function readBody(request: IncomingMessage, most: number, room: BodyRoom): Promise<ReadBody> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const refuse = (status: 413 | 503 | undefined) => {
      request.removeAllListeners('data');
      room.give(bytes);
      bytes = 0;
      resolve(status);
    };
    if (Number(request.headers['content-length'] ?? 0) > most) {
      resolve(413);
      return;
    }
    request.on('data', (chunk: Buffer) => {
      if (bytes + chunk.length > most) return refuse(413);
      if (!room.take(chunk.length)) return refuse(503);
      bytes += chunk.length;
      chunks.push(chunk);
    });
    request.on('end', () => resolve(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks)));
    request.on('error', () => {
      // What was read whole belongs to the caller.
      if (!request.complete) refuse(undefined);
    });
  });
}
