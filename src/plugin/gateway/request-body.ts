import type { IncomingMessage } from 'node:http';
import type { Insertion } from './json-insertion.ts';

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

/** A whole body in the pieces in which it came. They are not put together, which would copy prompts of hundreds of KiB. */
export class Body {
  readonly pieces: readonly Buffer[];
  /** In bytes. */
  readonly length: number;

  constructor(pieces: readonly Buffer[]) {
    this.pieces = pieces;
    this.length = pieces.reduce((bytes, piece) => bytes + piece.length, 0);
  }

  /** In memory of its own, which can be given away. */
  copy(): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(this.length);
    let at = 0;
    for (const piece of this.pieces) {
      bytes.set(piece, at);
      at += piece.length;
    }
    return bytes;
  }

  /** The same with a text in it. */
  with({ at, text }: Insertion): Body {
    const pieces: Buffer[] = [];
    let from = 0;
    for (const piece of this.pieces) {
      const inside = at - from;
      from += piece.length;
      if (inside < 0 || inside >= piece.length) pieces.push(piece);
      else pieces.push(piece.subarray(0, inside), Buffer.from(text), piece.subarray(inside));
    }
    return new Body(pieces);
  }
}

/** A whole body, or the status with which its request is refused; `undefined` where the client left. */
export type ReadBody = Body | 413 | 503 | undefined;

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
    request.on('end', () => resolve(new Body(chunks)));
    request.on('error', () => {
      // What was read whole belongs to the caller.
      if (!request.complete) refuse(undefined);
    });
  });
}
