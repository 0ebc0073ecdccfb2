// netcidrmerge/cidr ipv6 without prefix, same twice
import type { Entrypoints } from "./1012.policy.js";
const answer: Entrypoints["test/p"]["result"] = undefined;
export {};
