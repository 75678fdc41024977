import { existsCommand } from "../exists.js";

export default existsCommand("image", (tsd, ref) => tsd.images.get(ref));
