import { refusal } from "../http/refusal.js";
import type { Route } from "../router.js";

type Method = Route["method"];

const every: readonly Method[] = ["GET", "HEAD", "POST", "PUT", "DELETE"];

/** What docker's API has and tsd has not, with what serves in its place: a path and all below it. */
const lacking: readonly (readonly [methods: readonly Method[], paths: readonly string[], sentence: string])[] = [
  [
    every,
    ["/swarm", "/nodes", "/services", "/tasks", "/secrets", "/configs"],
    "tsd has no swarm: several hosts share networks by tsd cluster join",
  ],
  [every, ["/plugins"], "tsd manages no plug-ins of docker's by this API: see tsd plugin"],
  [
    every,
    ["/build", "/session", "/grpc"],
    "tsd builds no images: build them by another program, and load them by docker load",
  ],
  [
    ["POST"],
    ["/images/{name*}/push"],
    "tsd sends no images to registries: use docker save, and push the archive by another program",
  ],
  [["POST"], ["/commit"], "tsd makes no image of a container: use docker export, and import what it writes"],
  [["GET"], ["/images/search"], "tsd searches no registry: look for images on the registry's own page"],
  [["POST"], ["/auth"], "tsd keeps no credentials by this API: they come with each request, in X-Registry-Auth"],
  [["GET"], ["/distribution"], "tsd shows no manifests of a registry: pull the image, and inspect it"],
  [
    every,
    ["/containers/{id}/checkpoints"],
    "tsd makes no checkpoints of containers: pause them, or stop and start them",
  ],
  [["GET"], ["/containers/{id}/attach/ws"], "tsd attaches no WebSocket: attach by POST /containers/{id}/attach"],
];

/** Each refuses with 501 and a sentence. They stand behind all others, which have their paths first. */
export const lackingRoutes: readonly Route[] = lacking.flatMap(([methods, paths, sentence]) =>
  paths.flatMap((path) =>
    [path, `${path}/{rest*}`].flatMap((one) =>
      methods.map((method): Route => ({ method, path: one, reply: () => refuse(sentence) })),
    ),
  ),
);

function refuse(sentence: string): never {
  throw refusal(501, sentence);
}
