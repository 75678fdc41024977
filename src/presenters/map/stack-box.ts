import type { MapStack } from "../../api/index.js";
import { driftLines } from "../drift-lines.js";
import { driftCount, guestsOf, isOff, modeWords, stackName, stackState } from "./map-words.js";
import { fonts, type Line } from "./svg-canvas.js";
import { fitText } from "./text-size.js";

/** Pixels. */
const room = 170;
const mostGuests = 3;

/** The lines of a container's box: its name, how it is, who else is in its namespace. */
export function stackLines(stack: MapStack): readonly Line[] {
  const mode = modeWords(stack);
  const guests = guestsOf(stack);
  const named = guests.slice(0, guests.length > mostGuests ? mostGuests - 1 : mostGuests).map((name) => `+ ${name}`);
  const more = guests.length - named.length;
  const small = [
    stackState(stack),
    ...(mode === undefined ? [] : [mode]),
    ...named,
    ...(more === 0 ? [] : [`+ ${more} more`]),
  ];
  return [
    { text: fitText(stackName(stack), room, fonts.name), font: "name" },
    ...driftCount(stack.drifts).map((text): Line => ({ text, font: "small", extra: ["alert"] })),
    ...small.map((text): Line => ({ text: fitText(text, room, fonts.small), font: "small" })),
  ];
}

/** All of it, which a box may have no room for. */
export function stackTitle(stack: MapStack): string {
  const names = stack.containers.length === 0 ? [stackName(stack)] : stack.containers.map(({ name }) => name);
  const place = stack.elsewhere === undefined ? "" : stackState(stack);
  return [...names, place, driftLines(stack.drifts).trimEnd()].filter(Boolean).join("\n");
}

/** An attribute for what does not run, or is on another host. */
export function stackClass(stack: MapStack): string {
  if (isOff(stack)) return ' class="off"';
  return stack.elsewhere === undefined ? "" : ' class="elsewhere"';
}

/** By which a page finds it in the picture: characters that mean nothing in markup. */
export function stackKey({ id }: MapStack): string {
  return id.slice(0, 64).replace(/[^\w/.:-]/g, "");
}
