// UIElements assets: style sheets and UXML files; the files of the package themselves are read.
using System;
using System.Globalization;
using System.Xml;
using UnityFakes;

namespace UnityEngine.UIElements
{
    public partial class StyleSheet : ScriptableObject
    {
    }

    public partial class VisualTreeAsset : ScriptableObject
    {
        internal string File;

        public void CloneTree(VisualElement target)
        {
            var document = new XmlDocument();
            document.Load(File);
            foreach (XmlNode node in document.DocumentElement.ChildNodes)
            {
                if (node is XmlElement element)
                {
                    target.Add(Build(element));
                }
            }
        }

        private static VisualElement Build(XmlElement element)
        {
            var type = typeof(VisualElement).Assembly.GetType(element.NamespaceURI + "." + element.LocalName)
                ?? throw new InvalidOperationException("no element " + element.Name);
            var built = (VisualElement)Activator.CreateInstance(type);
            foreach (XmlAttribute attribute in element.Attributes)
            {
                Set(built, attribute.Name, attribute.Value);
            }
            foreach (XmlNode node in element.ChildNodes)
            {
                if (node is XmlElement child)
                {
                    built.Add(Build(child));
                }
            }
            return built;
        }

        private static void Set(VisualElement built, string attribute, string value)
        {
            if (attribute == "class")
            {
                foreach (string one in value.Split(' '))
                {
                    built.AddToClassList(one);
                }
                return;
            }
            string name = "";
            foreach (string part in attribute.Split('-'))
            {
                name += name.Length == 0 ? part : char.ToUpperInvariant(part[0]) + part.Substring(1);
            }
            var property = built.GetType().GetProperty(name)
                ?? throw new InvalidOperationException($"{built.GetType().Name} has no {attribute}");
            property.SetValue(built, Convert.ChangeType(value, property.PropertyType, CultureInfo.InvariantCulture));
        }
    }
}
