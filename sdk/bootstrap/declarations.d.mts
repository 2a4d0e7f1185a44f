export function withJsImports(text: string): string;
