// netcidrmerge/cidr IPv6 zero address case 2
import type { Entrypoints } from "./1023.policy.js";
const answer: Entrypoints["test/p"]["result"] = ["::/0"];
export {};
