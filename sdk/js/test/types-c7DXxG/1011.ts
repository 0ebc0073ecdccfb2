// netcidrmerge/cidr ipv6 without prefix
import type { Entrypoints } from "./1011.policy.js";
const answer: Entrypoints["test/p"]["result"] = undefined;
export {};
