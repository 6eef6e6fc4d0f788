import type { ComponentChildren } from 'preact';

/** All icons are decoration beside a text, hence hidden from assistive technology. */
function Icon({ children, size = 16 }: { children: ComponentChildren; size?: number }) {
  return (
    <svg class="icon" viewBox="0 0 16 16" width={size} height={size} aria-hidden="true" focusable="false">
      {children}
    </svg>
  );
}

/** A disc with a tick. */
export const CheckIcon = () => (
  <Icon>
    <circle cx="8" cy="8" r="6.5" />
    <path d="m5 8.2 2.2 2.2L11.2 6" />
  </Icon>
);

/** A clock. */
export const ClockIcon = () => (
  <Icon>
    <circle cx="8" cy="8" r="6.5" />
    <path d="M8 4.5V8l2.5 1.8" />
  </Icon>
);

/** An octagon with a cross: no other sign has this outline. */
export const StopIcon = () => (
  <Icon>
    <path d="M5.3 1.5h5.4l3.8 3.8v5.4l-3.8 3.8H5.3l-3.8-3.8V5.3z" />
    <path d="m6 6 4 4m0-4-4 4" />
  </Icon>
);

/** An empty, broken ring. */
export const EmptyIcon = () => (
  <Icon>
    <circle cx="8" cy="8" r="6.5" stroke-dasharray="3 2.1" />
    <path d="M5.5 8h5" />
  </Icon>
);

/** A triangle with a mark. */
export const WarningIcon = () => (
  <Icon>
    <path d="M8 1.8 15 14H1z" />
    <path d="M8 6v4m0 1.8v.2" />
  </Icon>
);

export const ShieldIcon = () => (
  <Icon size={14}>
    <path d="M8 1.5 13.5 3.5v4c0 3.4-2.3 5.8-5.5 7-3.2-1.2-5.5-3.6-5.5-7v-4z" />
    <path d="m5.8 7.8 1.7 1.7 2.9-3" />
  </Icon>
);

export const ChevronIcon = () => (
  <Icon size={12}>
    <path d="m5.5 3 5 5-5 5" />
  </Icon>
);

export const CloseIcon = () => (
  <Icon>
    <path d="m4 4 8 8m0-8-8 8" />
  </Icon>
);

export const DownloadIcon = () => (
  <Icon size={14}>
    <path d="M8 2v8m-3.5-3L8 10.5 11.5 7M2.5 13.5h11" />
  </Icon>
);

export const PlusIcon = () => (
  <Icon size={14}>
    <path d="M8 3v10M3 8h10" />
  </Icon>
);
