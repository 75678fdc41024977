import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];

/** An authority, and what it has signed: files in a directory of their own, called as docker's clients look for them. */
export class Certificates implements Disposable {
  private readonly directory = mkdtempSync(join(tmpdir(), "certificates-"));

  constructor() {
    this.openssl("req", "-x509", ...curve, "-keyout", "ca-key.pem", "-out", "ca.pem", "-subj", "/CN=authority");
  }

  /** For a server at an address, or for a client. */
  sign(name: string, extensions: string): void {
    this.openssl("req", ...curve, "-keyout", `${name}-key.pem`, "-out", `${name}.csr`, "-subj", `/CN=${name}`);
    writeFileSync(this.path(`${name}.ext`), extensions);
    const authority = ["-CA", "ca.pem", "-CAkey", "ca-key.pem", "-CAcreateserial", "-extfile", `${name}.ext`];
    this.openssl("x509", "-req", "-in", `${name}.csr`, ...authority, "-out", `${name}-cert.pem`);
  }

  path(name: string): string {
    return join(this.directory, name);
  }

  /** Words for docker's client, or tsd's service, that shows this certificate. */
  flags(name: string, ca = "ca.pem"): readonly string[] {
    const [cert, key] = [`${name}-cert.pem`, `${name}-key.pem`];
    return ["--tlsverify", "--tlscacert", this.path(ca), "--tlscert", this.path(cert), "--tlskey", this.path(key)];
  }

  [Symbol.dispose](): void {
    rmSync(this.directory, { recursive: true });
  }

  private openssl(...args: readonly string[]): void {
    execFileSync("openssl", args, { cwd: this.directory, stdio: "ignore" });
  }
}
