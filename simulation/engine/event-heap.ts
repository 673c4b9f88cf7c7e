/** Something that is to happen: at its moment, and behind everything put down for it before. */
export type HeapEvent = {
  readonly atMs: number;
  readonly sequence: number;
  /** `undefined` once it was cancelled. */
  run: (() => void) | undefined;
};

/** A priority queue of events, earliest first, and in the order they were put within one moment. */
export type EventHeap = {
  readonly put: (event: HeapEvent) => void;
  /** Takes the first one out; `undefined` where there is none. */
  readonly take: () => HeapEvent | undefined;
  readonly first: () => HeapEvent | undefined;
  readonly size: () => number;
};

/** An empty heap: binary, in one array. */
export const createEventHeap = (): EventHeap => {
  const heap: HeapEvent[] = [];
  return {
    put: (event) => {
      heap.push(event);
      rise(heap, heap.length - 1, event);
    },
    take: () => {
      const first = heap[0];
      const last = heap.pop();
      if (first !== undefined && last !== undefined && heap.length > 0) sink(heap, last);
      return first;
    },
    first: () => heap[0],
    size: () => heap.length,
  };
};

const isBefore = (left: HeapEvent, right: HeapEvent): boolean =>
  left.atMs < right.atMs || (left.atMs === right.atMs && left.sequence < right.sequence);

const rise = (heap: HeapEvent[], from: number, event: HeapEvent): void => {
  let index = from;
  while (index > 0) {
    const above = (index - 1) >>> 1;
    const parent = heap[above];
    if (parent === undefined || isBefore(parent, event)) break;
    heap[index] = parent;
    index = above;
  }
  heap[index] = event;
};

const sink = (heap: HeapEvent[], event: HeapEvent): void => {
  let index = 0;
  for (;;) {
    const left = heap[2 * index + 1];
    const right = heap[2 * index + 2];
    if (left === undefined) break;
    const isRight = right !== undefined && isBefore(right, left);
    const child = isRight ? right : left;
    if (isBefore(event, child)) break;
    heap[index] = child;
    index = 2 * index + (isRight ? 2 : 1);
  }
  heap[index] = event;
};
