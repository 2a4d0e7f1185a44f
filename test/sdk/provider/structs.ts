// Property values as the Structs of @pulumi/pulumi's own stubs, which the tests speak to the plugin with.
import structs from "google-protobuf/google/protobuf/struct_pb.js";
import { decode, encode, type Properties } from "../../../sdk/provider/wire.ts";

type Wire = Parameters<typeof structs.Struct.fromJavaScript>[0];

export function toStruct(properties: Properties): structs.Struct {
  return structs.Struct.fromJavaScript(encode(properties) as Wire);
}

export function fromStruct(struct: structs.Struct | undefined): Properties | undefined {
  return decode(struct?.toJavaScript() as Parameters<typeof decode>[0]);
}
