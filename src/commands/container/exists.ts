import { existsCommand } from "../exists.js";

export default existsCommand("container", (tsd, ref) => tsd.containers.inspect(ref));
