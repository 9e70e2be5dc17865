import { assert } from './failure.ts';

/** A field of an object: a plain value, or the number of an object that was there from the start. */
type Saved = { readonly value: unknown } | { readonly object: number };

/** The state of all objects below a root, as plain data that `v8.serialize` takes. */
export type GraphState = readonly {
  /** Name of the class. */
  readonly kind: string;
  readonly fields: readonly (readonly [name: string, saved: Saved])[];
}[];

/**
 * Saves and restores whatever stands below an object: the fields of objects of any class, and in them numbers, texts,
 * typed arrays, and other objects that were there when this was made. Two roots made in the same way have the same
 * objects in the same order, so that the state of the one fits the other. Functions are not touched: they belong to the
 * root and not to its state. O(size of the state).
 *
 * @example
 * const state = new GraphSaver(queue).save();
 * new GraphSaver(anotherQueueOfThatSize).restore(state);
 */
export class GraphSaver {
  private readonly objects: object[] = [];
  private readonly numberOf = new Map<object, number>();

  /** @param root freshly made: objects that it takes on later are unknown */
  constructor(root: object) {
    this.enumerate(root);
    for (const object of this.objects) for (const value of Object.values(object)) this.enumerate(value);
  }

  /** @throws Error where a field holds an object that was not there from the start */
  save(): GraphState {
    return this.objects.map((object) => ({
      kind: object.constructor.name,
      fields: Object.entries(object)
        .filter(([, value]) => typeof value !== 'function')
        .map(([name, value]) => [name, this.saved(name, value)] as const),
    }));
  }

  /** @throws Error where the state is that of another kind of root */
  restore(state: GraphState): void {
    assert(this.fits(state), 'the state is that of another kind of object');
    state.forEach(({ fields }, number) => {
      const object = this.objects[number] as Record<string, unknown>;
      if (Array.isArray(object)) object.length = 0;
      for (const [name, saved] of fields) this.put(object, name, saved);
    });
  }

  /** Whether a state was saved from a root of the same making. */
  fits(state: GraphState): boolean {
    const { objects } = this;
    return (
      state.length === objects.length && state.every(({ kind }, i) => kind === objects[i].constructor.name)
    );
  }

  private put(object: Record<string, unknown>, name: string, saved: Saved): void {
    const present = object[name];
    if ('object' in saved) object[name] = this.objects[saved.object];
    // Written into the array that is there, because others may hold it too.
    else if (sameArray(present, saved.value)) present.set(saved.value as never);
    else object[name] = saved.value;
  }

  private saved(name: string, value: unknown): Saved {
    if (!isObject(value)) return { value };
    const object = this.numberOf.get(value);
    assert(
      object !== undefined,
      `the field ${name} has been given an object that it did not have at the start`,
    );
    return { object };
  }

  private enumerate(value: unknown): void {
    if (!isObject(value) || this.numberOf.has(value)) return;
    this.numberOf.set(value, this.objects.length);
    this.objects.push(value);
  }
}

/** Typed arrays count as values. */
function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !ArrayBuffer.isView(value);
}

function sameArray(present: unknown, value: unknown): present is Uint8Array {
  if (!ArrayBuffer.isView(present) || !ArrayBuffer.isView(value)) return false;
  return present.constructor === value.constructor && present.byteLength === value.byteLength;
}
