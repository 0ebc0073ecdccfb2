// jsonpatch/json_patch_tests
import type { Entrypoints } from "./608.policy.js";
const answer: Entrypoints["main/failed_cases"]["result"] = {};
export {};
