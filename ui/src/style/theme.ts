import {
  ActionIcon,
  Button,
  Checkbox,
  createTheme,
  Input,
  Modal,
  Select,
  Tabs,
  Textarea,
  TextInput,
  Tooltip,
  type MantineColorsTuple,
} from '@mantine/core';

/** One accent: the ink of a signature. Shades 6 and 2 are what light and dark show (see tokens.css). */
const ink: MantineColorsTuple = [
  '#eef1fc',
  '#e6ebfb',
  '#b4c3ff',
  '#93a9ff',
  '#6f88ee',
  '#4a64d4',
  '#2a47b8',
  '#243ea3',
  '#1f3690',
  '#182a70',
];

/** Mantine, made to look like the house: dense, flat, one accent. Colours come from tokens.css. */
export const theme = createTheme({
  primaryColor: 'accent',
  primaryShade: { light: 6, dark: 3 },
  colors: { accent: ink },
  fontFamily: "'Inter Variable', system-ui, 'DejaVu Sans', sans-serif",
  fontFamilyMonospace: "'JetBrains Mono Variable', ui-monospace, 'DejaVu Sans Mono', monospace",
  fontSizes: { xs: '12px', sm: '13.5px', md: '14px', lg: '16px', xl: '20px' },
  defaultRadius: 6,
  respectReducedMotion: true,
  cursorType: 'pointer',
  focusRing: 'auto',
  components: {
    ActionIcon: ActionIcon.extend({ defaultProps: { variant: 'subtle', color: 'gray', size: 30 } }),
    Button: Button.extend({ defaultProps: { size: 'xs', variant: 'default' }, styles: { label: { fontWeight: 560 } } }),
    Checkbox: Checkbox.extend({ defaultProps: { size: 'xs' } }),
    Input: Input.extend({ defaultProps: { size: 'xs' } }),
    TextInput: TextInput.extend({ defaultProps: { size: 'xs' } }),
    Textarea: Textarea.extend({ defaultProps: { size: 'xs', autosize: true, minRows: 2, maxRows: 10 } }),
    Select: Select.extend({ defaultProps: { size: 'xs', allowDeselect: false, comboboxProps: { shadow: 'sm' } } }),
    Modal: Modal.extend({
      defaultProps: { centered: true, radius: 10, overlayProps: { backgroundOpacity: 0.45 }, transitionProps: { duration: 120 } },
    }),
    Tabs: Tabs.extend({ defaultProps: { keepMounted: false } }),
    Tooltip: Tooltip.extend({ defaultProps: { openDelay: 350, withArrow: false, events: { hover: true, focus: true, touch: false } } }),
  },
});
