import type { ExecSpec } from "../../../src/api/index.js";
import type { RuntimeSpec } from "../../../src/contracts/index.js";
import { OciRuntime, type OciRuntimeOptions } from "../../../src/runtime/oci-runtime.js";

/** What {@link ForegroundProgram.argument} hands over. */
export interface ForegroundTask {
  readonly options: OciRuntimeOptions;
  readonly spec: RuntimeSpec;
  /** A command for the container, which runs already; absent: run the container itself. */
  readonly exec?: ExecSpec;
}

/** Runs one container in the foreground, as a command would; ends by itself, never by process.exit. */
async function run({ options, spec, exec }: ForegroundTask): Promise<number> {
  const runtime = new OciRuntime(options);
  if (exec !== undefined) return Number(await runtime.exec(spec.id, exec, { streams: process }));
  await runtime.create(spec);
  const attachment = await runtime.attach(spec, process);
  await runtime.start(spec.id);
  await attachment.pump();
  const code = runtime.exit(spec.id)?.code;
  await runtime.remove(spec);
  return code ?? 99;
}

process.exitCode = await run(JSON.parse(process.argv[2] ?? "") as ForegroundTask);
