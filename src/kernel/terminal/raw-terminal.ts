import { kernelError } from "../errno.js";
import { libc } from "../libc.js";

/** <asm-generic/ioctls.h>; TCSETSW lets pending output out first. */
const TCGETS = 0x5401;
const TCSETSW = 0x5403;

/** The kernel's `struct termios`, <asm-generic/termbits.h>: four words of flags, the line discipline, 19 characters. */
const TERMIOS_SIZE = 36;
const IFLAG = 0;
const OFLAG = 4;
const CFLAG = 8;
const LFLAG = 12;
const VTIME = 17 + 5;
const VMIN = 17 + 6;

/** Flags that cfmakeraw(3) clears: IGNBRK BRKINT PARMRK ISTRIP INLCR IGNCR ICRNL IXON. */
const INPUT_FLAGS = 0x1 | 0x2 | 0x8 | 0x20 | 0x40 | 0x80 | 0x100 | 0x400;
const OPOST = 0x1;
/** ISIG ICANON ECHO ECHONL IEXTEN. */
const LOCAL_FLAGS = 0x1 | 0x2 | 0x8 | 0x40 | 0x8000;
const PARENB = 0x100;
/** The mask CSIZE and its value CS8 are the same. */
const CS8 = 0x30;

/**
 * Makes the terminal behind a descriptor pass every byte both ways as it is, as cfmakeraw(3) does; Node's own raw mode still
 * turns each newline of the output into two characters. Returns what gives the terminal back as it was. Throws `kernel`
 * where the descriptor is no terminal.
 */
export function makeRaw(descriptor: number): () => void {
  const before = Buffer.alloc(TERMIOS_SIZE);
  control(descriptor, TCGETS, before);
  const raw = Buffer.from(before);
  clear(raw, IFLAG, INPUT_FLAGS);
  clear(raw, OFLAG, OPOST);
  clear(raw, LFLAG, LOCAL_FLAGS);
  clear(raw, CFLAG, PARENB);
  raw.writeUInt32LE((raw.readUInt32LE(CFLAG) | CS8) >>> 0, CFLAG);
  raw[VMIN] = 1;
  raw[VTIME] = 0;
  control(descriptor, TCSETSW, raw);
  return () => control(descriptor, TCSETSW, before);
}

function clear(termios: Buffer, word: number, flags: number): void {
  termios.writeUInt32LE((termios.readUInt32LE(word) & ~flags) >>> 0, word);
}

function control(descriptor: number, request: number, termios: Buffer): void {
  if (libc().ioctl(descriptor, request, termios) === 0) return;
  throw kernelError({
    operation: "control the terminal on descriptor",
    object: `${descriptor}`,
    errno: libc().errno(),
  });
}
