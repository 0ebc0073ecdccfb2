// bitsshiftleft/shift of max int32 doesn't overflow
import type { Entrypoints } from "./149.policy.js";
const answer: Entrypoints["generated/p"]["result"] = 4294967294;
export {};
