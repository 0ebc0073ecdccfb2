// cryptohmacequal/crypto.hmac.equal_md5
import type { Entrypoints } from "./219.policy.js";
const answer: Entrypoints["test/p"]["result"] = [true];
const given = {"mac1":"31b6db9e5eb4addb42f1a6ca07367adc","mac2":"31b6db9e5eb4addb42f1a6ca07367adc"};
const input: Entrypoints["test/p"]["input"] = given;
export {};
