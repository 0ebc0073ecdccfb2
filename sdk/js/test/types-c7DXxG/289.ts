// elsekeyword/conflict-2
import type { Entrypoints } from "./289.policy.js";
export {};
