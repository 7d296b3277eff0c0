/**
 * An opened link as a Source: folders are made out of the manifest's paths, bytes come from the link's content.
 *
 * sealedSource(opened) -> Source          opened: what openLink gives
 */
