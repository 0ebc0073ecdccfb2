// netcidrintersects/cidr subnet overlap malformed cidr a
import type { Entrypoints } from "./1001.policy.js";
const answer: Entrypoints["generated/p"]["result"] = undefined;
export {};
