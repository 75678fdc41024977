interface Item<T> {
  readonly value: T;
  /** Its source goes on. */
  readonly taken: () => void;
}

/** What comes from several sources, as it comes: each waits until its last was taken. The first that ends or fails is the end of all. */
export async function* merge<T>(sources: readonly AsyncIterable<T>[]): AsyncGenerator<T> {
  const waiting: Item<T>[] = [];
  let end: { readonly error?: unknown } | undefined;
  let wake = (): void => undefined;
  const pour = async (source: AsyncIterable<T>): Promise<void> => {
    try {
      for await (const value of source) {
        await new Promise<void>((taken) => {
          waiting.push({ value, taken });
          wake();
        });
      }
      end ??= {};
    } catch (error) {
      end ??= { error };
    }
    wake();
  };
  for (const source of sources) void pour(source);
  for (;;) {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) {
      yield item.value;
      item.taken();
    }
    if (end !== undefined) {
      if ("error" in end) throw end.error;
      return;
    }
    await new Promise<void>((resolve) => {
      wake = resolve;
    });
  }
}
