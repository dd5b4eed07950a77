/**
 * Every error class of the library.
 *
 * Each class extends the built-in whose meaning is nearest, and carries a stable `code`, typed
 * fields and, where there is one, the `cause`. Messages say what could not be done, with which
 * object, the current value and the wanted one.
 *
 * @module
 */

/** Stable, machine-readable names of failures; see {@linkcode ForgeErrorFields.code}. */
export type ErrorCode =
  | "invalid-argument"
  | "out-of-range"
  | "file-not-found"
  | "file-unreadable"
  | "malformed-file"
  | "unsupported"
  | "source-read"
  | "source-changed"
  | "budget-too-small"
  | "no-adapter"
  | "device-failed"
  | "disposed"
  | "reentrant-call"
  | "aborted"
  | "bake-failed"
  | "package-unavailable";

/** What every error of the library has beside the message. */
export interface ForgeErrorFields {
  /** Stable name of the failure. */
  readonly code: ErrorCode;
}

/** An argument has the wrong type or shape. Recover by passing what the message asks for. */
export class InvalidArgumentError extends TypeError implements ForgeErrorFields {
  /** Name of the class. */
  override readonly name = "InvalidArgumentError";
  /** Stable name of the failure. */
  readonly code = "invalid-argument";
  /** Name of the argument. */
  readonly argument: string;
  /** Takes the fields and the message; `options.cause` is what led to it. */
  constructor(argument: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.argument = argument;
  }
}

/**
 * An argument has the right type and an impossible value. Recover by choosing one that the message
 * allows.
 */
export class OutOfRangeError extends RangeError implements ForgeErrorFields {
  /** Name of the class. */
  override readonly name = "OutOfRangeError";
  /** Stable name of the failure. */
  readonly code = "out-of-range";
  /** Name of the argument. */
  readonly argument: string;
  /** Takes the fields and the message; `options.cause` is what led to it. */
  constructor(argument: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.argument = argument;
  }
}

/**
 * A file is missing or cannot be opened or read. Recover by correcting the path or its permissions.
 */
export class FileError extends Error implements ForgeErrorFields {
  /** Name of the class. */
  override readonly name = "FileError";
  /** Stable name of the failure. */
  readonly code: "file-not-found" | "file-unreadable";
  /** The path as the caller gave it. */
  readonly path: string;
  /** Takes the fields and the message; `options.cause` is what led to it. */
  constructor(
    code: "file-not-found" | "file-unreadable",
    path: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.code = code;
    this.path = path;
  }
}

/** A file breaks its format's specification. Recover by creating the file again. */
export class MalformedFileError extends Error implements ForgeErrorFields {
  /** Name of the class. */
  override readonly name = "MalformedFileError";
  /** Stable name of the failure. */
  readonly code = "malformed-file";
  /** The file, as the caller named it. */
  readonly path: string;
  /** Takes the fields and the message; `options.cause` is what led to it. */
  constructor(path: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.path = path;
  }
}

/** Something valid that this library or this device does not support. The message names it. */
export class UnsupportedError extends Error implements ForgeErrorFields {
  /** Name of the class. */
  override readonly name = "UnsupportedError";
  /** Stable name of the failure. */
  readonly code = "unsupported";
  /** What is not supported: a format, a scheme, a feature. */
  readonly feature: string;
  /** Takes the fields and the message; `options.cause` is what led to it. */
  constructor(feature: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.feature = feature;
  }
}

/** Bytes could not be read from a source. Reading again later may succeed. */
export class SourceReadError extends Error implements ForgeErrorFields {
  /** Name of the class. */
  override readonly name = "SourceReadError";
  /** Stable name of the failure. */
  readonly code = "source-read";
  /** The source, as the caller named it. */
  readonly source: string;
  /** First byte that was requested. */
  readonly offset: number;
  /** Number of bytes that were requested. */
  readonly length: number;
  /** Takes the fields and the message; `options.cause` is what led to it. */
  constructor(
    source: string,
    offset: number,
    length: number,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.source = source;
    this.offset = offset;
    this.length = length;
  }
}

/** A source has changed since it was opened. Recover by loading it again. */
export class SourceChangedError extends Error implements ForgeErrorFields {
  /** Name of the class. */
  override readonly name = "SourceChangedError";
  /** Stable name of the failure. */
  readonly code = "source-changed";
  /** The source, as the caller named it. */
  readonly source: string;
  /** Takes the fields and the message; `options.cause` is what led to it. */
  constructor(source: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.source = source;
  }
}

/** The memory budget is below the minimum that is needed. Recover by raising it to that. */
export class BudgetError extends RangeError implements ForgeErrorFields {
  /** Name of the class. */
  override readonly name = "BudgetError";
  /** Stable name of the failure. */
  readonly code = "budget-too-small";
  /** The budget in force, in bytes. */
  readonly budgetBytes: number;
  /** The minimum, in bytes. */
  readonly minimumBytes: number;
  /** Takes the fields and the message; `options.cause` is what led to it. */
  constructor(budgetBytes: number, minimumBytes: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.budgetBytes = budgetBytes;
    this.minimumBytes = minimumBytes;
  }
}

/** No usable WebGPU adapter, or the device failed. The message says what to install or to do. */
export class DeviceError extends Error implements ForgeErrorFields {
  /** Name of the class. */
  override readonly name = "DeviceError";
  /** Stable name of the failure. */
  readonly code: "no-adapter" | "device-failed";
  /** Takes the fields and the message; `options.cause` is what led to it. */
  constructor(code: "no-adapter" | "device-failed", message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** An object was used after it was closed. Recover by making a new one. */
export class DisposedError extends Error implements ForgeErrorFields {
  /** Name of the class. */
  override readonly name = "DisposedError";
  /** Stable name of the failure. */
  readonly code = "disposed";
  /** Which object, by its kind or label. */
  readonly object: string;
  /** Takes the fields and the message; `options.cause` is what led to it. */
  constructor(object: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.object = object;
  }
}

/**
 * A system was called by a function that it was itself calling. Recover by calling it after that
 * function has returned.
 */
export class ReentryError extends Error implements ForgeErrorFields {
  /** Name of the class. */
  override readonly name = "ReentryError";
  /** Stable name of the failure. */
  readonly code = "reentrant-call";
  /** Which object, by its kind or label. */
  readonly object: string;
  /** Takes the fields and the message; `options.cause` is what led to it. */
  constructor(object: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.object = object;
  }
}

/** A picture could not be baked. Nothing was written under the wanted name. */
export class BakeError extends Error implements ForgeErrorFields {
  /** Name of the class. */
  override readonly name = "BakeError";
  /** Stable name of the failure. */
  readonly code = "bake-failed";
  /** The picture, as the caller named it. */
  readonly path: string;
  /** Takes the fields and the message; `options.cause` is what led to it. */
  constructor(path: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.path = path;
  }
}

/** A Python package could not be found or loaded. The message says where it was looked for. */
export class PackageError extends Error implements ForgeErrorFields {
  /** Name of the class. */
  override readonly name = "PackageError";
  /** Stable name of the failure. */
  readonly code = "package-unavailable";
  /** The package or wheel, as the caller named it. */
  readonly packageName: string;
  /** Takes the fields and the message; `options.cause` is what led to it. */
  constructor(packageName: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.packageName = packageName;
  }
}
