// bitsshiftleft/shift of max int64 doesn't overflow and is not lossy
import type { Entrypoints } from "./150.policy.js";
const answer: Entrypoints["generated/p"]["result"] = 18446744073709552000;
export {};
