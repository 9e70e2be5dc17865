/** Those who wait, in order of arrival, each until its promise is kept or it gives up. */
export class WaitingLine<Waiting extends { readonly signal?: AbortSignal | undefined }, Result> {
  private readonly line: { readonly who: Waiting; readonly serve: (result: Promise<Result>) => void }[] = [];

  get length(): number {
    return this.line.length;
  }

  /** @throws the reason of `who.signal`, where that is aborted before its turn */
  join(who: Waiting): Promise<Result> {
    const { signal } = who;
    if (signal?.aborted) return Promise.reject(signal.reason);
    return new Promise<Result>((resolve, reject) => {
      const giveUp = () => {
        this.line.splice(this.line.indexOf(place), 1);
        reject(signal?.reason);
      };
      const serve = (result: Promise<Result>) => {
        signal?.removeEventListener('abort', giveUp);
        resolve(result);
      };
      const place = { who, serve };
      this.line.push(place);
      signal?.addEventListener('abort', giveUp, { once: true });
    });
  }

  /** Takes the first one out for whom `ready` holds. */
  next(
    ready: (who: Waiting) => boolean,
  ): { who: Waiting; serve: (result: Promise<Result>) => void } | undefined {
    const at = this.line.findIndex(({ who }) => ready(who));
    return at < 0 ? undefined : this.line.splice(at, 1)[0];
  }
}
